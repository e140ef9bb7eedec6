package dev.shunt.e2e.bench.telemetry;

/** Kinds of HTTP traffic. */
enum TelemetryTraffic {
  /** Many requests on each connection: segments, and hardly a connect(). */
  KEEP_ALIVE("keep-alive", "", "http://127.0.0.1:8080/"),
  /** A connection for each request: as many changes of state as can be. */
  CONNECTION_EACH(
      "connection each", "wrk.headers[\"Connection\"] = \"close\"\n", "http://127.0.0.1:8080/"),
  /** Many requests on each TLS connection: calls of the library, and hardly a handshake. */
  TLS_KEEP_ALIVE("TLS keep-alive", "", "https://127.0.0.1:8443/"),
  /** A handshake for each request. */
  TLS_CONNECTION_EACH(
      "TLS connection each",
      "wrk.headers[\"Connection\"] = \"close\"\n",
      "https://127.0.0.1:8443/"),
  /** Answered by a JVM that collects some times a second. */
  JVM("JVM keep-alive", "", "http://127.0.0.1:8090/"),
  /** Between sockets that a node accelerates. */
  ACCELERATED("accelerated keep-alive", "", "http://127.0.0.1:8080/");

  private final String text;
  private final String script;
  private final String url;

  TelemetryTraffic(String text, String script, String url) {
    this.text = text;
    this.script = script;
    this.url = url;
  }

  /** What is asked for. */
  String url() {
    return url;
  }

  /** What makes wrk send it. */
  String script() {
    return script;
  }

  @Override
  public String toString() {
    return text;
  }
}
