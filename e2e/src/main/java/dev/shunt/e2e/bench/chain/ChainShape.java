package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.scene.GrpcApp;
import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Wire;
import java.util.Locale;

/**
 * What a chain is made of and what crosses it. Immutable.
 *
 * @param proxy the sidecars' program
 * @param wire what the load generator speaks
 * @param capture how traffic gets into the sidecars
 * @param bodyBytes size of one response body
 * @param connections the load generator's connections
 */
record ChainShape(ChainProxy proxy, Wire wire, Capture capture, int bodyBytes, int connections) {

  /** Name of the cell, such as {@code chain/envoy/http2/redirect/1KB/16c}. */
  String name() {
    return String.format(
        Locale.ROOT,
        "chain/%s/%s/%s/%s/%dc",
        proxy,
        wire.name().toLowerCase(Locale.ROOT),
        capture,
        size(),
        connections);
  }

  private String size() {
    int megabytes = bodyBytes >> 20;
    return megabytes > 0 ? megabytes + "MB" : (bodyBytes >> 10) + "KB";
  }

  /** Where the application listens that speaks to the last proxy. */
  int appPort() {
    return switch (wire) {
      case HTTP1 -> NginxApp.PORT;
      // nginx as a proxy speaks HTTP/2 upstream for gRPC only
      case HTTP2 -> proxy == ChainProxy.NGINX ? NginxApp.PORT : NginxApp.HTTP2_PORT;
      case GRPC -> GrpcApp.PORT;
    };
  }
}
