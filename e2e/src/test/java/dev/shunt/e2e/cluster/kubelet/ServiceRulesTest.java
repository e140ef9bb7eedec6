package dev.shunt.e2e.cluster.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.DiscoveryV1EndpointPort;
import io.kubernetes.client.openapi.models.V1Endpoint;
import io.kubernetes.client.openapi.models.V1EndpointConditions;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1ServiceSpec;
import java.util.List;
import java.util.Map;
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

  private static V1EndpointSlice slice(V1Endpoint... endpoints) {
    return new V1EndpointSlice()
        .metadata(
            new V1ObjectMeta()
                .name("web-1")
                .namespace("mesh")
                .labels(Map.of("kubernetes.io/service-name", "web")))
        .ports(List.of(new DiscoveryV1EndpointPort().name("http").port(8080)))
        .endpoints(List.of(endpoints));
  }

  private static V1Endpoint endpoint(String address, Boolean ready) {
    return new V1Endpoint()
        .addAddressesItem(address)
        .conditions(new V1EndpointConditions().ready(ready));
  }

  @Test
  void nat_readyEndpoints_shareTheService() {
    ServiceRules rules =
        new ServiceRules(
            List.of(service("10.0.0.1")),
            List.of(
                slice(
                    endpoint("10.1.0.1", true),
                    endpoint("10.1.0.2", true),
                    endpoint("10.1.0.3", false))));

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
  void names_ownNamespace_areShortToo() {
    ServiceRules rules = new ServiceRules(List.of(service("10.0.0.1")), List.of());

    assertThat(rules.names("other"))
        .isEqualTo("10.0.0.1 web.mesh.svc.cluster.local web.mesh.svc web.mesh\n");
    assertThat(rules.names("mesh")).endsWith(" web.mesh web\n");
  }

  @Test
  void names_serviceWithoutAddress_areThoseOfItsPods() {
    ServiceRules rules =
        new ServiceRules(List.of(service("None")), List.of(slice(endpoint("10.1.0.1", true))));

    assertThat(rules.names("other")).startsWith("10.1.0.1 web.mesh.svc");
    assertThat(rules.nat()).doesNotContain("DNAT");
  }
}
