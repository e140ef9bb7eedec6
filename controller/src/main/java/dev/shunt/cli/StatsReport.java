package dev.shunt.cli;

import com.google.protobuf.Duration;
import dev.shunt.v1.EndpointStats;
import dev.shunt.v1.GetStatsRequest;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.MapFill;
import dev.shunt.v1.ReasonCount;
import dev.shunt.v1.Totals;
import dev.shunt.v1.WatchStatsRequest;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;

/** Statistics for people and for scripts. Not thread safe. */
final class StatsReport {
  private static final double NANOS = 1e9;

  private final Output out;
  private final StatsView view;

  StatsReport(Output out, StatsView view) {
    this.out = out;
    this.view = view;
  }

  /** Writes the totals as they are now. */
  int once(NodeSession session) {
    GetStatsResponse stats = session.node().getStats(GetStatsRequest.getDefaultInstance());
    out.result(document(stats), out.isText() ? text(stats) : "");
    return ExitCode.OK;
  }

  /** Writes totals at an interval until nobody reads any more. */
  int watch(NodeSession session, double seconds) {
    long nanos = Math.round(seconds * NANOS);
    Duration interval =
        Duration.newBuilder()
            .setSeconds(nanos / 1_000_000_000)
            .setNanos((int) (nanos % 1_000_000_000))
            .build();
    Iterator<GetStatsResponse> answers =
        session.stream().watchStats(WatchStatsRequest.newBuilder().setInterval(interval).build());
    while (answers.hasNext()) {
      GetStatsResponse stats = answers.next();
      if (!out.item(document(stats), out.isText() ? text(stats) + "\n" : "")) {
        break;
      }
    }
    return ExitCode.OK;
  }

  private Map<String, Object> document(GetStatsResponse stats) {
    return out.isText() ? Map.of() : StatsDocument.of(stats);
  }

  private String text(GetStatsResponse stats) {
    return view == StatsView.TOTALS
        ? totals(stats) + reasons(stats.getTotals()) + maps(stats)
        : endpoints(stats);
  }

  private static String totals(GetStatsResponse stats) {
    Totals totals = stats.getTotals();
    long redirected = totals.getBytesRedirected();
    long passed = totals.getBytesPassed();
    Table traffic =
        Table.of(Table.text(""), Table.number("MESSAGES"), Table.number("BYTES"), share());
    traffic.row(
        "redirected",
        Units.count(totals.getMessagesRedirected()),
        Units.bytes(redirected),
        Units.share(redirected, redirected + passed));
    traffic.row(
        "by TCP (members)",
        Units.count(totals.getMessagesPassed()),
        Units.bytes(passed),
        Units.share(passed, redirected + passed));
    String ends =
        "%nends of connections: %s paired, %s adopted, %s joined, %s closed; spills %s%n"
            .formatted(
                Units.count(totals.getConnectionsPaired()),
                Units.count(totals.getConnectionsAdopted()),
                Units.count(totals.getConnectionsJoined()),
                Units.count(totals.getConnectionsClosed()),
                Units.count(totals.getSpills()));
    String now =
        "now: %s paired, %s adopted; traits learned %s, reconnects refused %s, events lost %s%n"
            .formatted(
                Units.count(stats.getConnectionsPairedNow()),
                Units.count(stats.getConnectionsAdoptedNow()),
                Units.count(stats.getTraitsLearned()),
                Units.count(stats.getReconnectsRefused()),
                Units.count(stats.getEventsLost()));
    return traffic.render() + ends + now;
  }

  private static String reasons(Totals totals) {
    Table table =
        Table.of(Table.text("BY TCP BECAUSE"), Table.number("ENDS"), Table.number("MESSAGES"));
    totals.getReasonsList().stream()
        .sorted(Comparator.comparing(ReasonCount::getMessages).reversed())
        .forEach(
            count ->
                table.row(
                    Names.of(count.getReason()),
                    Units.count(count.getConnections()),
                    Units.count(count.getMessages())));
    return table.isEmpty() ? "" : "\n" + table.render();
  }

  private static String maps(GetStatsResponse stats) {
    Table table =
        Table.of(Table.text("MAP"), Table.number("ENTRIES"), Table.number("CAPACITY"), share());
    for (MapFill map : stats.getMapsList()) {
      table.row(
          map.getName(),
          Units.count(map.getEntries()),
          Units.count(map.getCapacity()),
          Units.share(map.getEntries(), map.getCapacity()));
    }
    return table.isEmpty() ? "" : "\n" + table.render();
  }

  private static String endpoints(GetStatsResponse stats) {
    Table table =
        Table.of(
            Table.text("ENDPOINT"),
            Table.number("PAIRED"),
            Table.number("JOINED"),
            Table.number("MESSAGES"),
            Table.number("REDIRECTED"),
            Table.number("BY TCP"),
            share(),
            Table.number("SPILLS"));
    for (EndpointStats endpoint : stats.getEndpointsList()) {
      Totals totals = endpoint.getTotals();
      long redirected = totals.getBytesRedirected();
      table.row(
          endpoint.getName(),
          Units.count(totals.getConnectionsPaired()),
          Units.count(totals.getConnectionsJoined()),
          Units.count(totals.getMessagesRedirected()),
          Units.bytes(redirected),
          Units.bytes(totals.getBytesPassed()),
          Units.share(redirected, redirected + totals.getBytesPassed()),
          Units.count(totals.getSpills()));
    }
    return table.render();
  }

  private static Table.Column share() {
    return Table.number("SHARE");
  }
}
