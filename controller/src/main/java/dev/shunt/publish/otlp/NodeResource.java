package dev.shunt.publish.otlp;

import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Optional;

/**
 * The node that exports. Immutable.
 *
 * @param host its name
 * @param node its name in a cluster; empty: it belongs to none
 * @param version of this build
 */
public record NodeResource(String host, Optional<String> node, String version) {
  private static final String SERVICE = "shunt-node";

  /** What its metrics are about. */
  Resource own() {
    Resource.Builder resource =
        Resource.newBuilder()
            .addAttributes(Attributes.of("service.name", SERVICE))
            .addAttributes(Attributes.of("service.version", version))
            .addAttributes(Attributes.of("service.instance.id", node.orElse(host)));
    return where(resource).build();
  }

  /** With where it is. */
  Resource.Builder where(Resource.Builder resource) {
    resource.addAttributes(Attributes.of("host.name", host));
    node.ifPresent(name -> resource.addAttributes(Attributes.of("k8s.node.name", name)));
    return resource;
  }
}
