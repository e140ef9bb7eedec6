package dev.shunt.e2e.verify.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.EnvoyTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What scenes are made of, and what Envoy is told in them. */
class SceneShapeTest {
  private static final EnvoyTls TLS =
      new EnvoyTls(Path.of("/ca.pem"), Path.of("/cert.pem"), Path.of("/key.pem"));

  private static SceneShape scene(String name) {
    return SceneShape.all().stream()
        .filter(shape -> shape.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void all_scenes_haveNamesOfTheirOwn() {
    assertThat(SceneShape.all()).extracting(SceneShape::name).doesNotHaveDuplicates().isNotEmpty();
    assertThat(SceneShape.all()).extracting(SceneShape::name).noneMatch(String::isEmpty);
  }

  @Test
  void all_scenes_coverEveryMeshProtocolFamilyAndTopology() {
    List<SceneShape> all = SceneShape.all();

    assertThat(all.stream().map(SceneShape::mesh).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Mesh.values());
    assertThat(all.stream().map(SceneShape::protocol).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Protocol.values());
    assertThat(all.stream().map(SceneShape::family).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Family.values());
    assertThat(all.stream().map(SceneShape::topology).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Topology.values());
  }

  @Test
  void hops_ofTopologies_areThePathOfARequest() {
    assertThat(Topology.PODS.hops())
        .extracting(Topology.Hop::title)
        .containsExactly("client -> sidecar out", "sidecar out -> sidecar in", "sidecar in -> app");
    assertThat(Topology.HOST_CLIENT.hops())
        .extracting(Topology.Hop::isWithinPod)
        .containsExactly(false, true);
    assertThat(Topology.SKIPPED_PORT.hops()).hasSize(1);
  }

  @Test
  void sidecars_dualStack_listenOnBothAndKeepTheirSource() {
    SceneShape dual = scene("istio_dual_http1");

    assertThat(SidecarConfigs.outbound(dual, Optional.empty()).yaml())
        .contains("{address: \"0.0.0.0\", port_value: 15001}", "original_dst")
        .contains("    additional_addresses:\n    - address: {socket_address: {address: \"::\"");
    assertThat(SidecarConfigs.inbound(dual, Optional.empty()).yaml())
        .contains("source_address: {address: \"127.0.0.6\", port_value: 0}")
        .contains("      extra_source_addresses:\n      - address: {address: \"::6\"");
  }

  @Test
  void sidecars_mtls_speakItWithEachOtherOnly() {
    SceneShape secured = scene("istio_mtls_http2");
    String outbound = SidecarConfigs.outbound(secured, Optional.of(TLS)).yaml();
    String inbound = SidecarConfigs.inbound(secured, Optional.of(TLS)).yaml();

    assertThat(outbound).containsOnlyOnce("UpstreamTlsContext").doesNotContain("DownstreamTls");
    assertThat(inbound)
        .containsOnlyOnce("DownstreamTlsContext")
        .contains("require_client_certificate: true", "trusted_ca: {filename: /ca.pem}")
        .doesNotContain("UpstreamTls");
  }

  @Test
  void sidecars_tproxy_takeAnyAddressAndKeepTheClients() {
    String inbound = SidecarConfigs.inbound(scene("istio_tproxy_http1"), Optional.empty()).yaml();

    assertThat(inbound).contains("transparent: true", "original_src", "mark: 1337");
    assertThat(inbound).doesNotContain("upstream_bind_config");
  }

  @Test
  void rules_ofMeshes_exemptTheProxyAndNameItsPorts() {
    assertThat(MeshRules.rules(Mesh.ISTIO, "127.0.0.1/32", "127.0.0.6/32"))
        .contains("--uid-owner 1337 -j RETURN", "--to-ports 15001", "--to-ports 15006")
        .endsWith("COMMIT\n");
    assertThat(MeshRules.rules(Mesh.ISTIO_TPROXY, "::1/128", "::6/128"))
        .contains("TPROXY --tproxy-mark 1337/0xffffffff --on-port 15006", "-d ::1/128 -j RETURN")
        .contains("--to-ports 15001")
        .doesNotContain("--to-ports 15006");
    assertThat(MeshRules.rules(Mesh.LINKERD, "127.0.0.1/32", "127.0.0.6/32"))
        .contains("--uid-owner 2102 -j RETURN", "--to-ports 4140", "--to-ports 4143")
        .contains("--dports 4190,4191,4567 -j RETURN");
    assertThat(MeshRules.rules(Mesh.KUMA, "127.0.0.1/32", "127.0.0.6/32"))
        .contains("--uid-owner 5678 -j RETURN", "--to-ports 15001", "--to-ports 15006");
  }
}
