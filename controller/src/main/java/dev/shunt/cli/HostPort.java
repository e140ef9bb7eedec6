package dev.shunt.cli;

/**
 * {@code HOST:PORT} as an option gives it. Immutable.
 *
 * @param host name or address; not looked up
 * @param port 0..65535
 */
public record HostPort(String host, int port) {
  private static final int PORT_MAX = 65535;

  /**
   * Reads one to connect to.
   *
   * @param option for the message
   * @throws IllegalArgumentException it is none; the message is for the user
   */
  public static HostPort to(String option, String text) {
    return read(option, text, 1);
  }

  /**
   * Reads one to listen on; port 0 takes a free one.
   *
   * @throws IllegalArgumentException it is none; the message is for the user
   */
  public static HostPort at(String option, String text) {
    return read(option, text, 0);
  }

  private static HostPort read(String option, String text, int least) {
    int colon = text.lastIndexOf(':');
    String port = colon < 1 ? "" : text.substring(colon + 1);
    int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : -1;
    if (number < least || number > PORT_MAX) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: host:port, port %d..%d)".formatted(option, text, least, PORT_MAX));
    }
    return new HostPort(text.substring(0, colon), number);
  }

  /**
   * A port given alone.
   *
   * @throws IllegalArgumentException it is none; the message is for the user
   */
  public static int port(String option, int value) {
    if (value < 0 || value > PORT_MAX) {
      throw new IllegalArgumentException(
          "%s: %d (expected: 0..%d)".formatted(option, value, PORT_MAX));
    }
    return value;
  }
}
