package dev.shunt.e2e.cluster.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1ResourceFieldSelector;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodFieldsTest {
  private final PodFields fields =
      new PodFields(
          new V1Pod()
              .metadata(
                  new V1ObjectMeta()
                      .name("web")
                      .namespace("mesh")
                      .labels(Map.of("b", "2", "a", "1")))
              .spec(new V1PodSpec().nodeName("node-a")),
          "10.0.0.1",
          "10.0.0.2");

  @Test
  void value_knownPath_isTheField() {
    assertThat(fields.value("metadata.name")).isEqualTo("web");
    assertThat(fields.value("spec.nodeName")).isEqualTo("node-a");
    assertThat(fields.value("status.podIP")).isEqualTo("10.0.0.1");
    assertThat(fields.value("status.hostIP")).isEqualTo("10.0.0.2");
    assertThat(fields.value("metadata.labels['b']")).isEqualTo("2");
    assertThat(fields.value("metadata.labels['none']")).isEmpty();
    assertThat(fields.value("metadata.labels")).isEqualTo("a=\"1\"\nb=\"2\"");
  }

  @Test
  void value_unknownPath_isRefused() {
    assertThatThrownBy(() -> fields.value("spec.volumes")).hasMessageContaining("spec.volumes");
  }

  @Test
  void resource_limit_isDividedAndRoundedUp() {
    V1Container container =
        new V1Container()
            .resources(new V1ResourceRequirements().putLimitsItem("memory", new Quantity("320Mi")));
    V1ResourceFieldSelector limit =
        new V1ResourceFieldSelector().resource("limits.memory").divisor(new Quantity("1Mi"));

    assertThat(PodFields.resource(container, limit, Map.of())).isEqualTo("320");
    assertThat(
            PodFields.resource(
                new V1Container(),
                new V1ResourceFieldSelector().resource("limits.cpu"),
                Map.of("cpu", new Quantity("1500m"))))
        .isEqualTo("2");
  }
}
