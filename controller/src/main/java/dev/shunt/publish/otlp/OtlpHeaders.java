package dev.shunt.publish.otlp;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is sent with each call, tokens above all. Immutable; it does not print what it has.
 *
 * <p>The file has a line {@code name: value} for each; empty lines, and those that begin with
 * {@code #}, have no meaning.
 */
final class OtlpHeaders {
  /** None. */
  static final OtlpHeaders NONE = new OtlpHeaders(Map.of());

  private static final long FILE_BYTES_MAX = 64 * 1024;
  private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");

  /** Name of the header that says where a call belongs in a distributed trace. */
  static final String TRACE_PARENT = "traceparent";

  /** Those that a connection or a call sets itself. */
  private static final Set<String> OWN =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "te",
          TRACE_PARENT,
          "transfer-encoding",
          "upgrade",
          "user-agent");

  private static final String REDACTED = "[redacted]";

  /** A number of a tenant is no secret, and would be found in every text. */
  private static final int SECRET_LENGTH_MIN = 4;

  private final Map<String, String> values;

  private OtlpHeaders(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads a file.
   *
   * @throws IOException it cannot be read, or a line is wrong; the message names file and line and
   *     nothing of what is in it
   */
  static OtlpHeaders read(Path file) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (!NAME.matcher(name).matches()
            || name.startsWith("grpc-")
            || name.endsWith("-bin")
            || OWN.contains(name)
            || !VALUE.matcher(value).matches()) {
          throw new IOException(
              "read %s failed: line %d is no header (expected: name: value)"
                  .formatted(file, i + 1));
        }
        values.put(name, value);
      }
    }
    return new OtlpHeaders(values);
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new IOException("read " + file + " failed: more than 64 KiB");
      }
      return Files.readAllLines(file);
    } catch (NoSuchFileException missing) {
      throw new IOException("read " + file + " failed: no such file (ENOENT/2)", missing);
    } catch (CharacterCodingException binary) {
      throw new IOException("read " + file + " failed: no text", binary);
    }
  }

  /** By name in lower case. */
  Map<String, String> values() {
    return values;
  }

  /** A text that others wrote, without what must not be seen. */
  String redact(String text) {
    String clean = text;
    for (String value : values.values()) {
      // a scheme may stand before the token, as in Authorization
      for (String secret : List.of(value, value.substring(value.lastIndexOf(' ') + 1))) {
        clean = secret.length() < SECRET_LENGTH_MIN ? clean : clean.replace(secret, REDACTED);
      }
    }
    return clean;
  }

  @Override
  public String toString() {
    return values.keySet().toString();
  }
}
