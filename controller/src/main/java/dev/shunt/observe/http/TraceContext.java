package dev.shunt.observe.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request belongs in a distributed trace, as its header {@code traceparent} says (W3C Trace
 * Context level 1, section 3.2). Immutable; {@code tracestate} is never read.
 *
 * @param traceId 32 hexadecimal digits in lower case, not all zero
 * @param parentId 16 of them, not all zero: the span of the caller
 * @param sampled whether the caller may have recorded it
 */
public record TraceContext(String traceId, String parentId, boolean sampled) {
  /** Name of the header, in lower case. */
  static final String HEADER = "traceparent";

  /** What follows the flags belongs to versions that are not known yet. */
  private static final Pattern SHAPE =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private static final String NO_VERSION = "ff";
  private static final String FIRST_VERSION = "00";
  private static final Pattern ZERO = Pattern.compile("0*");
  private static final int HEX = 16;
  private static final int SAMPLED = 1;

  /** Of all headers of that name, as the request has them: two of them are none. */
  static Optional<TraceContext> of(List<? extends CharSequence> values) {
    return values.size() == 1 ? parse(values.get(0)) : Optional.empty();
  }

  /** Empty when it is not valid: then nothing of it may be used. */
  private static Optional<TraceContext> parse(CharSequence value) {
    Matcher parts = SHAPE.matcher(value);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String version = parts.group(1);
    boolean isLonger = parts.group(5) != null;
    if (version.equals(NO_VERSION) || (version.equals(FIRST_VERSION) && isLonger)) {
      return Optional.empty();
    }
    String traceId = parts.group(2);
    String parentId = parts.group(3);
    if (ZERO.matcher(traceId).matches() || ZERO.matcher(parentId).matches()) {
      return Optional.empty();
    }
    int flags = Integer.parseInt(parts.group(4), HEX);
    return Optional.of(new TraceContext(traceId, parentId, (flags & SAMPLED) != 0));
  }
}
