package dev.shunt.observe.trace;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a ClientHello or a ServerHello says in clear (RFC 8446 section 4.1, RFC 6066 section 3).
 * Immutable.
 *
 * @param isClient which of the two
 * @param version that the server chose, {@code TLSv1.3}; empty: of a client, or cut off
 * @param serverName that the client asks for; empty: none, or cut off
 */
public record TlsHello(boolean isClient, String version, String serverName) {
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;
  private static final int LENGTH_BYTES = 3;
  private static final int RANDOM_BYTES = 32;
  private static final int SERVER_NAME = 0;
  private static final int SUPPORTED_VERSIONS = 43;

  /** Of a DNS name. */
  private static final int NAME_BYTES_MAX = 255;

  /** What a walk over the extensions has found so far. */
  private static final class Found {
    String version = "";
    String serverName = "";
  }

  /**
   * Reads one from its handshake header on; one that is cut off as far as it goes.
   *
   * @return empty when it is neither
   */
  public static Optional<TlsHello> parse(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice(); // big-endian, as the network is
    if (!in.hasRemaining()) {
      return Optional.empty();
    }
    int type = in.get();
    if (type != CLIENT_HELLO && type != SERVER_HELLO) {
      return Optional.empty();
    }
    Found found = new Found();
    try {
      skip(in, LENGTH_BYTES);
      int version = u16(in);
      skip(in, RANDOM_BYTES);
      skip(in, u8(in)); // session
      if (type == CLIENT_HELLO) {
        skip(in, u16(in)); // ciphers
        skip(in, u8(in)); // compressions
      } else {
        found.version = name(version);
        skip(in, Short.BYTES + Byte.BYTES);
      }
      readExtensions(in, type, found);
    } catch (BufferUnderflowException cutOff) {
      // what was found before stands
    }
    return Optional.of(new TlsHello(type == CLIENT_HELLO, found.version, found.serverName));
  }

  private static void readExtensions(ByteBuffer in, int type, Found found) {
    int left = in.remaining() < Short.BYTES ? 0 : u16(in);
    while (left > 0) {
      int extension = u16(in);
      int length = u16(in);
      if (extension == SERVER_NAME && type == CLIENT_HELLO && length > 0) {
        found.serverName = serverName(part(in, length));
      } else if (extension == SUPPORTED_VERSIONS && type == SERVER_HELLO) {
        found.version = name(u16(part(in, length)));
      } else {
        skip(in, length);
      }
      left -= 2 * Short.BYTES + length;
    }
  }

  /** A list of names, of which only one kind was ever defined. */
  private static String serverName(ByteBuffer list) {
    skip(list, Short.BYTES);
    int kind = u8(list);
    int length = u16(list);
    if (kind != 0 || length > NAME_BYTES_MAX || length > list.remaining()) {
      return "";
    }
    byte[] name = new byte[length];
    list.get(name);
    // whoever connects chooses these bytes: they must not reach a terminal as they are
    return new String(name, StandardCharsets.ISO_8859_1).replaceAll("[^A-Za-z0-9._:-]", "?");
  }

  private static ByteBuffer part(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = in.slice(in.position(), length);
    in.position(in.position() + length);
    return part;
  }

  private static void skip(ByteBuffer in, int bytes) {
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + bytes);
  }

  private static int u8(ByteBuffer in) {
    return Byte.toUnsignedInt(in.get());
  }

  private static int u16(ByteBuffer in) {
    return Short.toUnsignedInt(in.getShort());
  }

  private static String name(int version) {
    return switch (version) {
      case 0x0300 -> "SSLv3";
      case 0x0301 -> "TLSv1.0";
      case 0x0302 -> "TLSv1.1";
      case 0x0303 -> "TLSv1.2";
      case 0x0304 -> "TLSv1.3";
      default -> String.format("0x%04x", version);
    };
  }
}
