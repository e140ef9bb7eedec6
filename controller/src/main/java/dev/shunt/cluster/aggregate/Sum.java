package dev.shunt.cluster.aggregate;

import dev.shunt.v1.Counters;

/** Counters while they are added up. Not thread safe. */
final class Sum {
  private final Counters.Builder counters = Counters.newBuilder();
  private int pods;

  /** Adds the counters of pods. */
  void add(Counters more, int ofPods) {
    pods += ofPods;
    counters
        .setConnectionsPaired(counters.getConnectionsPaired() + more.getConnectionsPaired())
        .setConnectionsJoined(counters.getConnectionsJoined() + more.getConnectionsJoined())
        .setMessagesRedirected(counters.getMessagesRedirected() + more.getMessagesRedirected())
        .setBytesRedirected(counters.getBytesRedirected() + more.getBytesRedirected())
        .setMessagesPassed(counters.getMessagesPassed() + more.getMessagesPassed())
        .setBytesPassed(counters.getBytesPassed() + more.getBytesPassed());
  }

  Counters counters() {
    return counters.build();
  }

  int pods() {
    return pods;
  }

  /** Redirected and by TCP. */
  long bytes() {
    return counters.getBytesRedirected() + counters.getBytesPassed();
  }
}
