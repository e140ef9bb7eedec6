package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.EnvoyConfig.Proxying;

/** What client and application speak, always in clear text. */
enum Protocol {
  /** HTTP/1.1 with keep-alive. */
  HTTP1,
  /** HTTP/2 with prior knowledge. */
  HTTP2,
  /** HTTP/2 with framed messages and trailers. */
  GRPC,
  /** Redis, of which the sidecars know nothing: plain TCP to them. */
  REDIS;

  /** What a sidecar makes of it. */
  Proxying proxying() {
    return this == REDIS ? Proxying.TCP : Proxying.HTTP;
  }
}
