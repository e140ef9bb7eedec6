package dev.shunt.e2e.demo;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Totals of a node since its start. Immutable.
 *
 * @param bytesRedirected payload bytes handed from socket to socket
 * @param bytesPassed payload bytes of members of the SOCKHASH that went by TCP
 * @param messagesRedirected messages handed from socket to socket
 * @param spills members that went back to TCP
 * @param reasons why connections and messages were not redirected, with counts
 */
public record NodeStats(
    long bytesRedirected,
    long bytesPassed,
    long messagesRedirected,
    long spills,
    Map<String, ReasonCount> reasons) {

  static final NodeStats NONE = new NodeStats(0, 0, 0, 0, Map.of());

  public NodeStats {
    reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
  }
}
