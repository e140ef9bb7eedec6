package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent.Place;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names of places, each asked for once a second: the name of a cgroup that is gone costs a walk of
 * the whole tree. One thread.
 */
final class PlaceBook {
  /** Pods of a node, and some that are gone. */
  private static final int MAX = 2048;

  private record Key(long netnsCookie, long cgroupId) {}

  private final TraceNames names;
  private final Map<Key, Place> known = new LinkedHashMap<>();

  PlaceBook(TraceNames names) {
    this.names = names;
  }

  Place of(long netnsCookie, long cgroupId) {
    if (known.size() >= MAX) {
      known.clear();
    }
    return known.computeIfAbsent(
        new Key(netnsCookie, cgroupId), key -> names.place(netnsCookie, cgroupId));
  }

  /** Asks anew from now on. */
  void forget() {
    known.clear();
  }
}
