package dev.shunt.publish.otlp;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A collector. Immutable.
 *
 * @param transport how it is spoken to
 * @param host name or address, the latter of IPv6 in brackets
 * @param port of it
 * @param path before that of the signal, without a slash at its end; of HTTP only
 */
public record OtlpEndpoint(Transport transport, String host, int port, String path) {
  private static final String EXPECTED =
      " (expected: grpc://host:port or grpcs://host:port, or http or https for OTLP over HTTP)";
  private static final int PORT_MAX = 65535;

  /** How it is spoken to. */
  public enum Transport {
    /** gRPC in clear. */
    GRPC(4317),
    /** gRPC over TLS. */
    GRPCS(4317),
    /** Protobuf over HTTP/1.1 in clear. */
    HTTP(4318),
    /** The same over TLS. */
    HTTPS(4318);

    private final int usualPort;

    Transport(int usualPort) {
      this.usualPort = usualPort;
    }

    /** Whether calls are those of gRPC. */
    boolean isGrpc() {
      return this == GRPC || this == GRPCS;
    }

    /** Whether it is encrypted. */
    public boolean isTls() {
      return this == GRPCS || this == HTTPS;
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException it is none; the message does not repeat what may be a secret
   */
  public static OtlpEndpoint parse(String option, String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException bad) {
      throw new IllegalArgumentException(option + ": no URL" + EXPECTED, bad);
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException(
          option + ": a URL with user, query or fragment; put secrets into --otlp-headers-file");
    }
    Transport transport = transport(option, uri.getScheme() == null ? "" : uri.getScheme());
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(option + ": no name of a host" + EXPECTED);
    }
    int port = uri.getPort() < 0 ? transport.usualPort : uri.getPort();
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          option + ": port " + port + " (expected: 1.." + PORT_MAX + ")");
    }
    String path = uri.getRawPath().replaceFirst("/+$", "");
    if (transport.isGrpc() && !path.isEmpty()) {
      throw new IllegalArgumentException(option + ": gRPC has no path" + EXPECTED);
    }
    return new OtlpEndpoint(transport, uri.getHost(), port, path);
  }

  private static Transport transport(String option, String scheme) {
    try {
      return Transport.valueOf(scheme.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          option + ": the scheme '" + scheme + "'" + EXPECTED, unknown);
    }
  }

  /** Host without brackets. */
  String address() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public String toString() {
    return "%s://%s:%d%s".formatted(transport.name().toLowerCase(Locale.ROOT), host, port, path);
  }
}
