package dev.shunt.observe.trace;

import java.util.Locale;

/** What can be traced. */
public enum TraceModule {
  /** Outcome and duration of connect(). */
  CONNECT,
  /** Changes of TCP states. */
  STATES,
  /** Round trip times. */
  RTT,
  /** Handshakes with TCP Fast Open. */
  FASTOPEN,
  /** Stacks of what runs. */
  PROFILE,
  /** Requests of HTTP. */
  HTTP,
  /** The same, and those inside of TLS. */
  HTTP_TLS,
  /** Collections and pauses of JVMs. */
  JVM,
  /** Handshakes and connections of TLS. */
  TLS;

  /** Its name on the command line. */
  @Override
  public String toString() {
    return this == HTTP_TLS ? "http" : name().toLowerCase(Locale.ROOT);
  }
}
