package dev.shunt.cli;

import dev.shunt.v1.EndpointStats;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.ReasonCount;
import dev.shunt.v1.Totals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Statistics as scripts see them: the totals at top level, {@code reasons} as an object from name
 * to counts, {@code endpoints} with the same keys. Stateless.
 */
final class StatsDocument {
  private StatsDocument() {}

  static Map<String, Object> of(GetStatsResponse stats) {
    Map<String, Object> tree = MessageTree.of(stats);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("time", tree.get("time"));
    document.putAll(totals(stats.getTotals()));
    tree.keySet().stream()
        .filter(key -> !key.equals("totals") && !key.equals("endpoints") && !key.equals("time"))
        .forEach(key -> document.put(key, tree.get(key)));
    document.put("endpoints", endpoints(stats.getEndpointsList()));
    return document;
  }

  private static List<Object> endpoints(List<EndpointStats> endpoints) {
    List<Object> list = new ArrayList<>();
    for (EndpointStats endpoint : endpoints) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", Integer.toUnsignedLong(endpoint.getId()));
      one.put("name", endpoint.getName());
      one.putAll(totals(endpoint.getTotals()));
      list.add(one);
    }
    return list;
  }

  private static Map<String, Object> totals(Totals totals) {
    Map<String, Object> tree = MessageTree.of(totals);
    Map<String, Object> reasons = new LinkedHashMap<>();
    for (ReasonCount count : totals.getReasonsList()) {
      Map<String, Object> counts = new LinkedHashMap<>();
      counts.put("connections", count.getConnections());
      counts.put("messages", count.getMessages());
      reasons.put(Names.of(count.getReason()), counts);
    }
    tree.put("reasons", reasons);
    return tree;
  }
}
