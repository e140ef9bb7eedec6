package dev.shunt.agent;

import dev.shunt.datapath.layout.EndpointCountersRow;
import dev.shunt.datapath.layout.NodeCountersRow;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.maps.PairsMap;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.observe.ConnectionTotals;
import dev.shunt.observe.EndpointStats;
import dev.shunt.observe.Incidents;
import dev.shunt.observe.MapFill;
import dev.shunt.observe.NodeCounters;
import dev.shunt.observe.Reason;
import dev.shunt.observe.ReasonCount;
import dev.shunt.observe.StatsSnapshot;
import dev.shunt.observe.Totals;
import dev.shunt.observe.Traffic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Sums the counters of the programs. Any thread; about 2 us per endpoint. */
final class StatsReader {
  private final SockmapMaps maps;
  private final PolicyInputs inputs;

  StatsReader(SockmapMaps maps, PolicyInputs inputs) {
    this.maps = maps;
    this.inputs = inputs;
  }

  StatsSnapshot read() {
    List<EndpointStats> endpoints = new ArrayList<>();
    Totals all = Totals.NONE;
    for (int id = 0; id < EndpointPoliciesMap.SELF_TEST; id++) {
      EndpointCountersRow row = maps.counters().sum(id);
      if (!row.isEmpty() || id == 0) {
        Totals totals = totals(row);
        endpoints.add(new EndpointStats(id, inputs.endpointName(id), totals));
        all = all.plus(totals);
      }
    }
    PairsMap.Fill fill = maps.pairs().fill();
    NodeCountersRow node = maps.totals().sum();
    return new StatsSnapshot(
        Instant.now(),
        all,
        endpoints,
        new NodeCounters(
            node.eventsLost(),
            fill.paired(),
            fill.members(),
            node.traitsLearned(),
            node.reconnectsRefused(),
            new Incidents(
                node.pairsExpired(),
                node.storageFailed(),
                node.optionsExcluded(),
                node.stuckResets(),
                node.traitsLost())),
        List.of(
            new MapFill("pairs", fill.entries(), maps.pairs().capacity()),
            new MapFill("members", fill.members(), 2 * maps.pairs().capacity())));
  }

  private static Totals totals(EndpointCountersRow row) {
    List<ReasonCount> reasons = new ArrayList<>();
    for (Reason reason : Reason.values()) {
      long connections = row.get("connection_reasons", reason.number());
      long messages = row.get("message_reasons", reason.number());
      if (connections + messages > 0) {
        reasons.add(new ReasonCount(reason, connections, messages));
      }
    }
    return new Totals(
        new ConnectionTotals(
            row.get("connections_paired"),
            row.get("connections_adopted"),
            row.get("connections_joined"),
            row.get("connections_closed")),
        new Traffic(
            row.get("messages_redirected"),
            row.get("bytes_redirected"),
            row.get("messages_passed"),
            row.get("bytes_passed")),
        row.get("spills"),
        reasons);
  }
}
