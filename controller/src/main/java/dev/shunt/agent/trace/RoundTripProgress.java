package dev.shunt.agent.trace;

import dev.shunt.agent.trace.RedirectedTraffic.End;
import dev.shunt.agent.trace.RedirectedTraffic.Pair;
import dev.shunt.observe.trace.TraceEvent.Histogram;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one reader of round trips is told, and what connections had sent when it came. One thread at
 * a time.
 *
 * <p>A row is all that is told of a pair: a histogram that the kernel keeps, and what went past
 * TCP. A reader that chooses never leaves, so its rows come to an end before it: those of network
 * namespaces that it does not choose any more, and in a crowd those that have not changed for long.
 * A pair that comes again has a row with another number, which counts from zero.
 */
final class RoundTripProgress {
  /** So many tellings without a change, ten minutes of a standing trace, make a row old. */
  static final int OLD_TELLINGS = 60;

  /**
   * What is told of a pair.
   *
   * @param row its number
   * @param pair between whom
   * @param histogram of what TCP measured
   * @param redirected what went past TCP
   */
  record Told(long row, Pair pair, Histogram histogram, Redirected redirected) {}

  /** What was seen of a pair last. */
  private static final class Row {
    private final long number;
    private long samples;
    private long messages;
    private long changedTelling;

    Row(long number, long telling) {
      this.number = number;
      changedTelling = telling;
    }

    void note(long samplesNow, long messagesNow, long telling) {
      if (samplesNow != samples || messagesNow != messages) {
        samples = samplesNow;
        messages = messagesNow;
        changedTelling = telling;
      }
    }
  }

  private final TraceTarget target;
  private final Predicate<End> meant;

  /** What each connection had sent when it was seen last, by cookie; whether it is meant or not. */
  private final Map<Long, End> before = new HashMap<>();

  /** Network namespaces that the last look has shown. */
  private Set<Long> shown = Set.of();

  private final Map<Pair, Redirected> sums = new LinkedHashMap<>();
  private final Map<Pair, Row> rows = new HashMap<>();

  /** Of the telling that goes on. */
  private final Map<Pair, Histogram> histograms = new LinkedHashMap<>();

  private long numbers;
  private long tellings;
  private boolean crowded;
  private long nextNanos;

  /** Begins with nothing. */
  RoundTripProgress(TraceTarget target, Predicate<End> meant) {
    this.target = target;
    this.meant = meant;
  }

  /** Nothing is due until then, of {@link System#nanoTime}. */
  void waitUntil(long nanos) {
    nextNanos = nanos;
  }

  boolean isDue(long nanos) {
    return nanos - nextNanos >= 0;
  }

  /** What went past TCP before is not told, wherever it was: what is meant may change. */
  void begin(RedirectedTraffic redirected) {
    shown = redirected.forEach(end -> before.put(end.cookie(), end));
  }

  /**
   * Connections that were seen before count from then on. Others count from their beginning if the
   * last look has shown their network namespace, else from now on: they may be of hours ago.
   */
  void look(RedirectedTraffic redirected) {
    Set<Long> seen = new HashSet<>();
    Set<Long> now =
        redirected.forEach(
            end -> {
              add(end);
              seen.add(end.cookie());
            });
    before.values().removeIf(end -> !seen.contains(end.cookie()) && isOver(end, now));
    shown = now;
  }

  /** It has closed, or its network namespace was not shown twice: one look may fail. */
  private boolean isOver(End end, Set<Long> now) {
    long netns = end.pair().netnsCookie();
    return now.contains(netns) || !shown.contains(netns);
  }

  private void add(End end) {
    End last = before.put(end.cookie(), end);
    Redirected since = minus(end.sent(), last == null ? start(end) : last.sent());
    if (since.messages() > 0 && meant.test(end)) {
      sums.merge(end.pair(), since, Redirected::plus);
    }
  }

  /** What counts of a connection that was not seen before begins there. */
  private Redirected start(End end) {
    return shown.contains(end.pair().netnsCookie()) ? Redirected.NOTHING : end.sent();
  }

  private static Redirected minus(Redirected now, Redirected then) {
    return new Redirected(now.messages() - then.messages(), now.bytes() - then.bytes());
  }

  /**
   * Begins a telling.
   *
   * @param entries of all readers in the kernel's map
   * @param capacity of that map
   */
  void nextTelling(int entries, int capacity) {
    tellings++;
    crowded = Math.max(entries, rows.size()) > capacity / 2;
    histograms.clear();
  }

  /** Takes a row of the kernel's; false: it has come to its end and is to be deleted. */
  boolean takes(Pair pair, Histogram histogram) {
    Row row = row(pair);
    row.note(histogram.count(), messages(pair), tellings);
    if (isOver(pair, row)) {
      rows.remove(pair);
      sums.remove(pair);
      return false;
    }
    if (target.covers(pair.netnsCookie())) {
      histograms.put(pair, histogram);
    }
    return true;
  }

  /** Ends a telling: all there is to be told. */
  List<Told> told() {
    sums.keySet().removeIf(this::endsUnmeasured);
    for (Pair pair : sums.keySet()) {
      if (target.covers(pair.netnsCookie())) {
        histograms.putIfAbsent(pair, Histogram.EMPTY);
      }
    }
    List<Told> told = new ArrayList<>();
    histograms.forEach(
        (pair, histogram) -> {
          Redirected past = sums.getOrDefault(pair, Redirected.NOTHING);
          told.add(new Told(row(pair).number, pair, histogram, past));
        });
    return told;
  }

  /** A row with samples ends with the kernel's only: those would be new under another number. */
  private boolean endsUnmeasured(Pair pair) {
    Row row = row(pair);
    row.note(row.samples, messages(pair), tellings);
    boolean ends = row.samples == 0 && !histograms.containsKey(pair) && isOver(pair, row);
    if (ends) {
      rows.remove(pair);
    }
    return ends;
  }

  private boolean isOver(Pair pair, Row row) {
    boolean old = crowded && tellings - row.changedTelling >= OLD_TELLINGS;
    return target.chooses() && (old || !target.covers(pair.netnsCookie()));
  }

  private Row row(Pair pair) {
    return rows.computeIfAbsent(pair, fresh -> new Row(++numbers, tellings));
  }

  private long messages(Pair pair) {
    return sums.getOrDefault(pair, Redirected.NOTHING).messages();
  }
}
