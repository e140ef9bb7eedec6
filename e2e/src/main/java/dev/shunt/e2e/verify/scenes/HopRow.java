package dev.shunt.e2e.verify.scenes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one hop's connections did under load. Immutable.
 *
 * @param hop which
 * @param connections that it had
 * @param bytesRedirected payload from socket to socket, in both directions
 * @param bytesByTcp what the network device carried, headers and acknowledgements included
 * @param reasons of its connections whose last message went by TCP, with counts
 */
record HopRow(
    Topology.Hop hop,
    int connections,
    long bytesRedirected,
    long bytesByTcp,
    Map<String, Long> reasons) {
  HopRow {
    reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
  }

  /** Of the bytes, those that were redirected: 0 to 1, rather too low than too high. */
  double share() {
    long all = bytesRedirected + bytesByTcp;
    return all <= 0 ? 0 : (double) bytesRedirected / all;
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("hop", hop.title());
    document.put("connections", connections);
    document.put("bytes_redirected", bytesRedirected);
    document.put("bytes_by_tcp", bytesByTcp);
    document.put("share", Math.round(share() * 1000) / 1000.0);
    document.put("reasons", reasons);
    return document;
  }
}
