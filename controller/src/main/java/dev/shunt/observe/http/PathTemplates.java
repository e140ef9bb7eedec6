package dev.shunt.observe.http;

import dev.shunt.observe.FairTable;
import java.time.Duration;
import java.util.function.LongSupplier;

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
  private static final int PATH_MAX = 4096;

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
    return !segment.isEmpty() && !PathWords.areIn(segment);
  }
}
