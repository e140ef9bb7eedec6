package dev.shunt.e2e.scene;

/** What is spoken on the connections of a chain, always in clear text. */
public enum Wire {
  /** HTTP/1.1 with keep-alive. */
  HTTP1,
  /** HTTP/2 with prior knowledge. */
  HTTP2,
  /** gRPC: HTTP/2 with framed messages and trailers. */
  GRPC
}
