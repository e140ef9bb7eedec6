package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.EnvoyConfig.Cluster;
import dev.shunt.e2e.scene.EnvoyConfig.Listener;
import dev.shunt.e2e.scene.EnvoyConfig.Proxying;
import dev.shunt.e2e.scene.EnvoyConfig.Trait;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the sidecars are told; that the programs accept it is for the tests with root. */
class SidecarConfigurationTest {
  private static final NextHop CAPTURED = NextHop.originalDestination("10.0.0.2", 8080);
  private static final NextHop CONFIGURED = NextHop.configured("10.0.0.2", 15006);

  @Test
  void haproxy_captured_asksForTheOriginalDestination() {
    assertThat(HaproxySidecar.configuration(new SidecarPlan(Wire.HTTP1, CAPTURED, 8080)))
        .contains("server next 0.0.0.0:0\n", "server application 127.0.0.1:8080\n")
        .doesNotContain("h2");
  }

  @Test
  void haproxy_grpc_speaksHttp2OnEverySide() {
    assertThat(HaproxySidecar.configuration(new SidecarPlan(Wire.GRPC, CONFIGURED, 8080)))
        .contains(
            "bind 0.0.0.0:15001 proto h2\n",
            "server next 10.0.0.2:15006 proto h2\n",
            "bind 0.0.0.0:15006 proto h2\n",
            "server application 127.0.0.1:8080 proto h2\n");
  }

  @Test
  void nginx_http2_speaksItToTheClientAlone() {
    assertThat(nginx(Wire.HTTP2))
        .contains("listen 0.0.0.0:15001 http2;", "listen 0.0.0.0:15006;", "proxy_pass http://next;")
        .doesNotContain("grpc_pass");
  }

  @Test
  void nginx_grpc_passesItOnBothSides() {
    assertThat(nginx(Wire.GRPC))
        .contains(
            "listen 0.0.0.0:15001 http2;",
            "grpc_pass grpc://next;",
            "listen 0.0.0.0:15006 http2;",
            "grpc_pass grpc://application;");
  }

  private static String nginx(Wire wire) {
    return NginxSidecar.configuration(new SidecarPlan(wire, CAPTURED, 8080), Path.of("/nowhere"));
  }

  @Test
  void envoy_captured_readsTheOriginalDestinationOutboundOnly() {
    EnvoyConfig config = EnvoySidecar.configuration(new SidecarPlan(Wire.HTTP1, CAPTURED, 8080));

    assertThat(config.listeners().get(0).traits()).containsExactly(Trait.ORIGINAL_DESTINATION);
    assertThat(config.listeners().get(1).traits()).isEmpty();
    assertThat(config.yaml()).containsOnlyOnce("type: ORIGINAL_DST");
  }

  @Test
  void envoy_configured_namesTheNextHop() {
    EnvoyConfig config = EnvoySidecar.configuration(new SidecarPlan(Wire.HTTP2, CONFIGURED, 8081));

    assertThat(config.yaml())
        .contains(
            "{address: \"10.0.0.2\", port_value: 15006}",
            "{address: \"127.0.0.1\", port_value: 8081}")
        .doesNotContain("ORIGINAL_DST", "original_dst");
  }

  @Test
  void envoy_unboundListener_isNotAwaited() {
    EnvoyConfig config =
        new EnvoyConfig(
            List.of(
                new Listener(
                    "capture",
                    List.of("0.0.0.0"),
                    15001,
                    Set.of(Trait.HAND_OFF),
                    Proxying.TCP,
                    "pass",
                    Optional.empty()),
                Listener.http("service", 8080, Set.of(Trait.UNBOUND), "pass")),
            List.of(new Cluster("pass", Optional.empty())));

    assertThat(config.boundPorts()).containsExactly(15001);
    assertThat(config.yaml()).contains("use_original_dst: true", "bind_to_port: false");
  }
}
