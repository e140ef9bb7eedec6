package dev.shunt.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.charts.Manifests.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad values are refused before anything is installed, with their place and what is expected. */
class RefusedValuesIT {
  private static final String HELM_OWN = "global";

  /** Objects that are handed to Kubernetes as they are: defaults name some of their fields. */
  private static final Set<String> KUBERNETES_OWN =
      Set.of(".node.updateStrategy", ".node.seLinuxOptions", ".node.seccompProfile");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node.logLevel=verbose           | node/logLevel",
        "node.onStop=stop                | node/onStop",
        "node.metricsPort=80             | node/metricsPort",
        "node.pinDir=/var/lib/shunt      | node/pinDir",
        "node.stateDir=relative          | node/stateDir",
        "node.terminationGracePeriodSeconds=5 | node/terminationGracePeriodSeconds",
        "node.updateStrategy.type=Recreate | node/updateStrategy/type",
        "node.updateStrategy.rollingUpdate.maxSurge=1 | node/updateStrategy/rollingUpdate/maxSurge",
        "node.tolerate=true              | tolerate",
        "node.extraArgs[0]=status        | node/extraArgs/0",
        "node.otlp.endpoint=otel:4317    | node/otlp/endpoint",
        "node.otlp.endpoint=http://a:b@c | node/otlp/endpoint",
        "node.otlp.interval=4            | node/otlp/interval",
        "node.otlp.newTraces=maybe       | node/otlp/newTraces",
        "node.otlp.headersSecret=A_B     | node/otlp/headersSecret",
        "node.otlp.caConfigMap=-         | node/otlp/caConfigMap",
        "node.otlp.clientSecret=A_B      | node/otlp/clientSecret",
        "node.otlp.compression=zstd      | node/otlp/compression",
        "controlPlane.replicas=0         | controlPlane/replicas",
        "controlPlane.port=70000         | controlPlane/port",
        "image.repository=               | image/repository",
        "image.digest=sha256:12          | image/digest",
        "image.pullPolicy=Sometimes      | image/pullPolicy",
        "uninstall.timeoutSeconds=0      | uninstall/timeoutSeconds",
        "networkPolicy.apiServerPorts[0]=0 | networkPolicy/apiServerPorts/0",
        "metrics.podMonitor.interval=often | metrics/podMonitor/interval",
        "fullnameOverride=Shunt          | fullnameOverride",
        "crds.keep=maybe                 | crds/keep",
        "unknown=1                       | unknown",
      })
  void value_bad_refusedWithItsPlace(String value, String place) {
    Helm.Run run = Helm.template(value);

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains("specifications of the schema").contains(place);
  }

  @Test
  void schema_defaults_sameKeys() throws IOException {
    List<String> differences = new ArrayList<>();
    compare(differences, read("values.schema.json"), read("values.yaml"), "");

    assertThat(differences).isEmpty();
  }

  /**
   * A key without a default is hidden from readers of values.yaml; one without a schema unchecked.
   */
  private static void compare(List<String> differences, Node schema, Node values, String place) {
    if (KUBERNETES_OWN.contains(place)) {
      return;
    }
    for (String key : keys(schema.at("properties"))) {
      if (!HELM_OWN.equals(key) && !keys(values).contains(key)) {
        differences.add(place + "." + key + " is not in values.yaml");
      }
    }
    for (String key : keys(values)) {
      Node child = schema.at("properties").key(key);
      if (!child.exists()) {
        differences.add(place + "." + key + " is not in the schema");
      } else if (child.at("properties").exists()) {
        compare(differences, child, values.key(key), place + "." + key);
      }
    }
  }

  private static Set<String> keys(Node node) {
    return node.value() instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf).collect(Collectors.toSet())
        : Set.of();
  }

  private static Node read(String file) throws IOException {
    return Manifests.parse(Files.readString(Helm.CHART.resolve(file))).objects().get(0);
  }
}
