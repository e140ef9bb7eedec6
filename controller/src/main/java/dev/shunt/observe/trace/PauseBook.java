package dev.shunt.observe.trace;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The pauses of JVMs that were told, and what they mean for requests. Times are of CLOCK_MONOTONIC.
 * Not thread-safe.
 */
public final class PauseBook {
  /** Some minutes of a busy node. */
  static final int KEPT_MAX = 16_384;

  private static final Comparator<JvmPause> BY_END =
      Comparator.comparingLong(JvmPause::endNanos)
          .thenComparingLong(JvmPause::beginNanos)
          .thenComparingInt(JvmPause::pid);

  private final String nodeNamespace;
  private final NavigableSet<JvmPause> ended = new TreeSet<>(BY_END);
  private List<JvmPause> open = List.of();
  private long knownUntil = Long.MIN_VALUE;
  private long forgottenUntil = Long.MIN_VALUE;

  private record Key(int pid, long beginNanos) {}

  /**
   * Knows of nothing yet.
   *
   * @param nodeNamespace name of the namespace that the node runs in
   */
  public PauseBook(String nodeNamespace) {
    this.nodeNamespace = nodeNamespace;
  }

  /** Takes what was told: those that ended, and how far all are known. */
  public void take(TraceEvent.PausesKnown told) {
    ended.addAll(told.ended());
    while (ended.size() > KEPT_MAX) {
      JvmPause first = ended.first();
      ended.remove(first);
      forgottenUntil = Math.max(forgottenUntil, first.endNanos());
    }
    open = told.open();
    knownUntil = Math.max(knownUntil, told.untilNanos());
  }

  /** Whether all pauses up to that moment were told. */
  public boolean isKnown(long nanos) {
    return nanos <= knownUntil;
  }

  /**
   * How much of a time a socket's owner may have stood still. Collections of one pause, and pauses
   * of several JVMs at one time, count once.
   *
   * @param begin of the time
   * @param end of it
   * @return empty when it is not known any more, or not yet
   */
  public Optional<PausedTime> within(TraceEvent.Subject subject, long begin, long end) {
    if (!isKnown(end) || begin < forgottenUntil) {
      return Optional.empty();
    }
    JvmPause first = new JvmPause("", Integer.MIN_VALUE, Long.MIN_VALUE, begin + 1);
    List<JvmPause> met =
        Stream.concat(ended.tailSet(first, true).stream(), open.stream())
            .filter(pause -> pause.overlaps(begin, end))
            .filter(pause -> pause.concerns(subject, nodeNamespace))
            .sorted(Comparator.comparingLong(JvmPause::beginNanos))
            .toList();
    return Optional.of(met.isEmpty() ? PausedTime.NONE : union(met, begin, end));
  }

  /** Of those that were met, in the order in which they began. */
  private static PausedTime union(List<JvmPause> met, long begin, long end) {
    Set<Key> different = new HashSet<>();
    long nanos = 0;
    long counted = begin;
    for (JvmPause pause : met) {
      different.add(new Key(pause.pid(), pause.beginNanos()));
      long from = Math.max(counted, pause.beginNanos());
      long to = Math.min(end, pause.endNanos());
      if (to > from) {
        nanos += to - from;
        counted = to;
      }
    }
    return new PausedTime(nanos, different.size());
  }
}
