package dev.shunt.desired;

import java.time.Instant;
import java.util.Comparator;

/**
 * Where a policy comes from; decides between equals.
 *
 * @param createdAt {@code metadata.creationTimestamp}; {@link Instant#MAX} without one
 * @param file that holds it
 * @param line of its first line, from 1
 */
public record PolicyOrigin(Instant createdAt, String file, int line)
    implements Comparable<PolicyOrigin> {
  private static final Comparator<PolicyOrigin> OLDEST_FIRST =
      Comparator.comparing(PolicyOrigin::createdAt)
          .thenComparing(PolicyOrigin::file)
          .thenComparingInt(PolicyOrigin::line);

  /** The older first, then by file name, then by line. */
  @Override
  public int compareTo(PolicyOrigin other) {
    return OLDEST_FIRST.compare(this, other);
  }
}
