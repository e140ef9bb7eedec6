package dev.shunt.e2e.cluster.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1ServiceSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceRulesTest {
  private static V1Service service(String address) {
    return new V1Service()
        .metadata(new V1ObjectMeta().name("web").namespace("mesh").uid("1"))
        .spec(
            new V1ServiceSpec()
                .clusterIP(address)
                .addPortsItem(new V1ServicePort().name("http").port(80).protocol("TCP")));
  }

  private static Backends backends(String endpoints) {
    return Backends.of(
        JsonParser.parseString(
                """
                {"metadata": {"namespace": "mesh", "uid": "2",
                              "labels": {"kubernetes.io/service-name": "web"}},
                 "ports": [{"name": "http", "port": 8080}],
                 "endpoints": %s}
                """
                    .formatted(endpoints))
            .getAsJsonObject());
  }

  @Test
  void nat_readyEndpoints_shareTheService() {
    ServiceRules rules =
        new ServiceRules(
            List.of(service("10.0.0.1")),
            List.of(
                backends(
                    """
                    [{"addresses": ["10.1.0.1"], "conditions": {"ready": true}},
                     {"addresses": ["10.1.0.2"]},
                     {"addresses": ["10.1.0.3"], "conditions": {"ready": false}}]
                    """)));

    assertThat(rules.nat())
        .isEqualTo(
            """
            *nat
            :SHUNT-SERVICES - [0:0]
            -A SHUNT-SERVICES -d 10.0.0.1/32 -p tcp --dport 80 -m statistic --mode random \
            --probability 0.50000 -j DNAT --to-destination 10.1.0.1:8080
            -A SHUNT-SERVICES -d 10.0.0.1/32 -p tcp --dport 80 -j DNAT --to-destination \
            10.1.0.2:8080
            COMMIT
            """);
  }

  @Test
  void nat_serviceWithoutEndpoints_hasNoRule() {
    ServiceRules rules = new ServiceRules(List.of(service("10.0.0.1")), List.of(backends("null")));

    assertThat(rules.nat()).doesNotContain("10.0.0.1");
  }

  @Test
  void names_ownNamespace_areShortToo() {
    ServiceRules rules = new ServiceRules(List.of(service("10.0.0.1")), List.of());

    assertThat(rules.names("other"))
        .isEqualTo("10.0.0.1 web.mesh.svc.cluster.local web.mesh.svc web.mesh\n");
    assertThat(rules.names("mesh")).endsWith(" web.mesh web\n");
  }

  @Test
  void names_serviceWithoutAddress_areThoseOfItsPods() {
    ServiceRules rules =
        new ServiceRules(
            List.of(service("None")), List.of(backends("[{\"addresses\": [\"10.1.0.1\"]}]")));

    assertThat(rules.names("other")).startsWith("10.1.0.1 web.mesh.svc");
    assertThat(rules.nat()).doesNotContain("DNAT");
  }
}
