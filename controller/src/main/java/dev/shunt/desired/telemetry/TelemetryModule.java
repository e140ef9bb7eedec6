package dev.shunt.desired.telemetry;

import java.util.Locale;

/** What a policy can switch on: what can be summed up. Stacks are for somebody who reads them. */
public enum TelemetryModule {
  /** Outcome and duration of connect(). */
  CONNECT,
  /** Changes of TCP states. */
  STATES,
  /** Round trip times. */
  RTT,
  /** Handshakes with TCP Fast Open. */
  FASTOPEN,
  /** Requests of HTTP. */
  HTTP,
  /** Handshakes and connections of TLS. */
  TLS,
  /** Collections and pauses of JVMs. */
  JVM;

  /** Its name in policies. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
