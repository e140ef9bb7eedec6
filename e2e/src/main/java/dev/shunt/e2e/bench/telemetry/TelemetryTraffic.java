package dev.shunt.e2e.bench.telemetry;

/** Kinds of HTTP traffic. */
enum TelemetryTraffic {
  /** Many requests on each connection: segments, and hardly a connect(). */
  KEEP_ALIVE("keep-alive", ""),
  /** A connection for each request: as many changes of state as can be. */
  CONNECTION_EACH("connection each", "wrk.headers[\"Connection\"] = \"close\"\n");

  private final String text;
  private final String script;

  TelemetryTraffic(String text, String script) {
    this.text = text;
    this.script = script;
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
