package dev.shunt.observe.http;

import dev.shunt.observe.FairTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Turns paths into few different ones: what names a thing becomes <code>{id}</code>. Who asks one
 * program for made-up paths leaves the others their templates. One thread.
 */
public final class PathTemplates {
  /** What stands for all templates beyond those that are told apart. */
  public static final String OTHER = "{other}";

  private static final String ID = "{id}";

  /** As paths have 1,024 characters at most, they are 2 MiB at most. */
  private static final FairTable.Bounds BOUNDS =
      new FairTable.Bounds(2000, 500, Duration.ofHours(1));

  private static final int SEGMENTS_MAX = 16;
  private static final int PART_MAX = 40;
  private static final int PATH_MAX = 4096;

  /** Digits with signs between them: numbers, versions, dates, UUIDs without letters. */
  private static final Pattern DIGITS = Pattern.compile("[0-9][0-9._:-]*");

  private static final Pattern HEX = Pattern.compile("(0x)?[0-9a-fA-F-]{8,}");
  private static final Pattern DIGIT = Pattern.compile("[0-9]");

  /** What a long name has beside letters when a machine made it: digits, base64. */
  private static final Pattern MADE =
      Pattern.compile("[A-Za-z0-9+=_~:-]*[0-9=+][A-Za-z0-9+=_~:-]*");

  private static final int MADE_MIN = 16;

  private final FairTable<Key, String> known;

  private record Key(Object owner, String template) {}

  /**
   * Nothing is known yet.
   *
   * @param nanos a clock that only goes on, as {@link System#nanoTime}
   */
  public PathTemplates(LongSupplier nanos) {
    known = new FairTable<>(BOUNDS, nanos, cause -> {});
  }

  /**
   * The template of a path without query; {@link #OTHER} once there are too many.
   *
   * @param owner whose program is asked, or asks
   */
  public String of(Object owner, String path) {
    if (!path.startsWith("/") || path.length() > PATH_MAX) {
      return path.equals("*") ? path : OTHER;
    }
    String template = template(path);
    return known.use(owner, new Key(owner, template), () -> template).orElse(OTHER);
  }

  private static String template(String path) {
    String[] segments = path.substring(1).split("/", -1);
    StringBuilder template = new StringBuilder(path.length());
    for (int i = 0; i < segments.length; i++) {
      if (i == SEGMENTS_MAX) {
        return template.append("/...").toString();
      }
      template.append('/').append(isId(segments[i]) ? ID : segments[i]);
    }
    return template.toString();
  }

  private static boolean isId(String segment) {
    if (segment.isEmpty()) {
      return false;
    }
    if (segment.indexOf('@') >= 0
        || segment.indexOf('%') >= 0
        || DIGITS.matcher(segment).matches()) {
      return true;
    }
    // names of gRPC services and of files have several parts
    return Arrays.stream(segment.split("\\.", -1)).anyMatch(PathTemplates::isMade);
  }

  private static boolean isMade(String part) {
    return part.length() > PART_MAX
        || (HEX.matcher(part).matches() && DIGIT.matcher(part).find())
        || (part.length() >= MADE_MIN && MADE.matcher(part).matches());
  }
}
