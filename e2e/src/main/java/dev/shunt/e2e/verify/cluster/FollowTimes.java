package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * How long nodes took to follow a change, some times over. One thread.
 *
 * <p>The verdict: each must be followed within a limit that only what hangs exceeds. One that took
 * longer than promised fails, unless tasks of this host waited for a CPU most of the time: then the
 * times say more about the host, and the message says so.
 */
final class FollowTimes {
  /** What docs/kubernetes.md promises. */
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private static final Duration HANG = Duration.ofSeconds(30);

  /** Share of the time in which some task waited for a CPU, of which no promise is possible. */
  private static final double OVERLOAD = 0.5;

  private static final Path PRESSURE = Path.of("/proc/pressure/cpu");
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MICROS_PER_NANO = 1e-3;

  private final ClusterStage stage;
  private final List<Long> nanos = new ArrayList<>();
  private final long startNanos = System.nanoTime();
  private final long startWaitMicros = waitedMicros();

  FollowTimes(ClusterStage stage) {
    this.stage = stage;
  }

  /**
   * Blocks until a change is followed and notes how long that took.
   *
   * @param since when the change was made, by System.nanoTime
   * @throws SceneException when it is not followed at all
   */
  void await(String what, long since, BooleanSupplier followed) {
    stage.await(what, HANG, followed);
    nanos.add(System.nanoTime() - since);
  }

  /**
   * Median and most.
   *
   * @throws SceneException when one took longer than promised on a host that had time
   */
  String verdict(String what) {
    String times = times(what);
    if (Collections.max(nanos) <= PROMISED.toNanos()) {
      return times;
    }
    double waited =
        (waitedMicros() - startWaitMicros) / ((System.nanoTime() - startNanos) * MICROS_PER_NANO);
    String share = String.format(Locale.ROOT, "%.0f %%", waited * 100);
    if (waited < OVERLOAD) {
      throw new SceneException(
          "follow within %d s failed: %s; tasks waited for a CPU %s of the time"
              .formatted(PROMISED.toSeconds(), times, share));
    }
    return times + " (over 1 s NOT JUDGED: tasks waited for a CPU %s of the time)".formatted(share);
  }

  /** Median and most, without a verdict. */
  String times(String what) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return "%s: median %s, most %s of %d"
        .formatted(
            what,
            millis(sorted.get(sorted.size() / 2)),
            millis(sorted.get(sorted.size() - 1)),
            sorted.size());
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.0f ms", nanos / NANOS_PER_MILLI);
  }

  /** Time in which some task waited so far (Documentation/accounting/psi.rst); 0 without PSI. */
  private static long waitedMicros() {
    try {
      String some = Files.readAllLines(PRESSURE).get(0);
      return Long.parseLong(some.substring(some.lastIndexOf('=') + 1));
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
