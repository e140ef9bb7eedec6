package dev.shunt.observe;

import java.time.Duration;

/**
 * What a tap is asked to show. Immutable.
 *
 * @param filter which messages
 * @param volume how much of them
 * @param duration how long; zero: until the caller ends it
 */
public record TapQuery(Filter filter, Volume volume, Duration duration) {
  /** Most bytes of a message that can be shown. */
  public static final int SNAP_BYTES_MAX = 1 << 20;

  /** Smallest and largest ring. */
  public static final int BUFFER_BYTES_MIN = 64 << 10;

  public static final int BUFFER_BYTES_MAX = 256 << 20;

  /**
   * Which messages; all that is set must match, either end of a connection counts. 0 and empty
   * match any.
   *
   * @param port as either end sees it
   * @param cookie of a socket
   * @param namespace name of a watched network namespace
   * @param cgroup path below the root of the hierarchy; those below it count too
   * @param executable path of a file of the host
   */
  public record Filter(int port, long cookie, String namespace, String cgroup, String executable) {}

  /**
   * How much.
   *
   * @param sample one connection of so many, whole
   * @param snapBytes most bytes of a message
   * @param bufferBytes what may wait for a slow reader, a power of two
   */
  public record Volume(int sample, int snapBytes, int bufferBytes) {}
}
