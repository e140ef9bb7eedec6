package dev.shunt.observe.trace;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A TLS connection as its own library sees it. Immutable.
 *
 * @param state what has just become of it
 * @param side which end this is
 * @param hello what was said in clear
 * @param handshake how long it took; empty: it was over before the trace, or is given up
 * @param traffic plaintext so far
 * @param alert in clear that ended the handshake; empty: none was seen
 */
public record TlsConnection(
    State state,
    Side side,
    Hello hello,
    Optional<Duration> handshake,
    Traffic traffic,
    Optional<Integer> alert) {
  /** What becomes of a connection; numbers of {@code enum trace_tls_kind}. */
  public enum State {
    /** Its handshake is over, data may flow. */
    ESTABLISHED,
    /** It was given up before that. */
    FAILED,
    /** The program has let it go, or has ended. */
    CLOSED;

    /** By the data path's number. */
    public static State of(int number) {
      return values()[Math.max(0, Math.min(number, values().length) - 1)];
    }
  }

  /** Which end; numbers of {@code enum trace_tls_side}. */
  public enum Side {
    /** No hello was seen. */
    UNKNOWN,
    /** It sent the first hello. */
    CLIENT,
    /** It was sent it. */
    SERVER;

    /** By the data path's number. */
    public static Side of(int number) {
      return number == 1 ? CLIENT : number == 2 ? SERVER : UNKNOWN;
    }
  }

  /**
   * What the two hellos say.
   *
   * @param version that the server chose; empty: not seen
   * @param serverName that the client asked for; empty: none, or not seen
   */
  public record Hello(String version, String serverName) {
    /** Nothing was seen. */
    public static final Hello NONE = new Hello("", "");

    /** With what another one of the same handshake says. */
    public Hello with(TlsHello other) {
      return other.isClient()
          ? new Hello("", other.serverName())
          : new Hello(other.version(), serverName);
    }
  }

  /**
   * Plaintext that passed the library.
   *
   * @param bytesRead by the program
   * @param bytesWritten by the program
   * @param reads calls that gave bytes
   * @param writes calls that took bytes
   */
  public record Traffic(long bytesRead, long bytesWritten, long reads, long writes) {}

  /** Alerts that end handshakes (RFC 8446 section 6, RFC 5246 section 7.2). */
  private static final Map<Integer, String> ALERTS =
      Map.ofEntries(
          Map.entry(0, "close_notify"),
          Map.entry(10, "unexpected_message"),
          Map.entry(20, "bad_record_mac"),
          Map.entry(40, "handshake_failure"),
          Map.entry(42, "bad_certificate"),
          Map.entry(43, "unsupported_certificate"),
          Map.entry(44, "certificate_revoked"),
          Map.entry(45, "certificate_expired"),
          Map.entry(46, "certificate_unknown"),
          Map.entry(47, "illegal_parameter"),
          Map.entry(48, "unknown_ca"),
          Map.entry(49, "access_denied"),
          Map.entry(50, "decode_error"),
          Map.entry(51, "decrypt_error"),
          Map.entry(70, "protocol_version"),
          Map.entry(71, "insufficient_security"),
          Map.entry(80, "internal_error"),
          Map.entry(86, "inappropriate_fallback"),
          Map.entry(90, "user_canceled"),
          Map.entry(109, "missing_extension"),
          Map.entry(112, "unrecognized_name"),
          Map.entry(116, "certificate_required"),
          Map.entry(120, "no_application_protocol"));

  /** Name of the alert, its number when it has none; empty: there was none. */
  public String alertName() {
    return alert.map(number -> ALERTS.getOrDefault(number, number.toString())).orElse("");
  }
}
