package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.EnvoyConfig;
import dev.shunt.e2e.scene.EnvoyConfig.Cluster;
import dev.shunt.e2e.scene.EnvoyConfig.Listener;
import dev.shunt.e2e.scene.EnvoyConfig.Trait;
import dev.shunt.e2e.scene.EnvoyTls;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What Envoy is told to do as the sidecar of a scene. Pure. */
final class SidecarConfigs {
  private SidecarConfigs() {}

  /** The client pod's: where the client wanted to go, it goes. */
  static EnvoyConfig outbound(SceneShape shape, Optional<EnvoyTls> tls) {
    return new EnvoyConfig(
        List.of(
            new Listener(
                "outbound",
                everywhere(shape),
                shape.mesh().outboundPort(),
                Set.of(Trait.ORIGINAL_DESTINATION),
                shape.protocol().proxying(),
                "destination",
                Optional.empty())),
        List.of(new Cluster("destination", Optional.empty(), List.of(), tls)));
  }

  /** The application pod's: to the port that was dialled. */
  static EnvoyConfig inbound(SceneShape shape, Optional<EnvoyTls> tls) {
    Set<Trait> traits = EnumSet.of(Trait.ORIGINAL_DESTINATION);
    if (shape.mesh().isTransparent()) {
      traits.add(Trait.TRANSPARENT);
      traits.add(Trait.ORIGINAL_SOURCE);
    }
    return new EnvoyConfig(
        List.of(
            new Listener(
                "inbound",
                everywhere(shape),
                shape.mesh().inboundPort(),
                traits,
                shape.protocol().proxying(),
                "application",
                tls)),
        List.of(application(shape)));
  }

  private static Cluster application(SceneShape shape) {
    Optional<EnvoyTls> clear = Optional.empty();
    return switch (shape.mesh()) {
      // the source tells the rules that this is the proxy's own connection
      case ISTIO, KUMA ->
          new Cluster(
              "application", Optional.empty(), shape.family().both("127.0.0.6", "::6"), clear);
      case ISTIO_TPROXY -> new Cluster("application", Optional.empty(), List.of(), clear);
      case LINKERD ->
          new Cluster("application", Optional.of("127.0.0.1:" + shape.appPort()), List.of(), clear);
    };
  }

  private static List<String> everywhere(SceneShape shape) {
    return shape.family().both("0.0.0.0", "::");
  }
}
