package dev.shunt.publish.grpc;

import dev.shunt.observe.StatsSnapshot;
import dev.shunt.observe.Totals;
import dev.shunt.v1.EndpointStats;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.MapFill;
import dev.shunt.v1.ReasonCount;

/** Counters as messages. Stateless. */
final class StatsMessages {
  private StatsMessages() {}

  static GetStatsResponse stats(StatsSnapshot stats) {
    GetStatsResponse.Builder message =
        GetStatsResponse.newBuilder()
            .setTime(Times.toProto(stats.time()))
            .setTotals(totals(stats.totals()))
            .setEventsLost(stats.node().eventsLost())
            .setConnectionsPairedNow(stats.node().pairedNow())
            .setConnectionsAdoptedNow(stats.node().adoptedNow())
            .setTraitsLearned(stats.node().traitsLearned())
            .setReconnectsRefused(stats.node().reconnectsRefused())
            .setPairsExpired(stats.node().incidents().pairsExpired())
            .setStorageFailed(stats.node().incidents().storageFailed())
            .setOptionsExcluded(stats.node().incidents().optionsExcluded())
            .setStuckResets(stats.node().incidents().stuckResets())
            .setTraitsLost(stats.node().incidents().traitsLost());
    for (dev.shunt.observe.EndpointStats endpoint : stats.endpoints()) {
      message.addEndpoints(
          EndpointStats.newBuilder()
              .setId(endpoint.id())
              .setName(endpoint.name())
              .setTotals(totals(endpoint.totals())));
    }
    for (dev.shunt.observe.MapFill map : stats.maps()) {
      message.addMaps(
          MapFill.newBuilder()
              .setName(map.name())
              .setEntries(map.entries())
              .setCapacity(map.capacity()));
    }
    return message.build();
  }

  private static dev.shunt.v1.Totals totals(Totals totals) {
    dev.shunt.v1.Totals.Builder message =
        dev.shunt.v1.Totals.newBuilder()
            .setConnectionsPaired(totals.connections().paired())
            .setConnectionsAdopted(totals.connections().adopted())
            .setConnectionsJoined(totals.connections().joined())
            .setConnectionsClosed(totals.connections().closed())
            .setMessagesRedirected(totals.traffic().messagesRedirected())
            .setBytesRedirected(totals.traffic().bytesRedirected())
            .setMessagesPassed(totals.traffic().messagesPassed())
            .setBytesPassed(totals.traffic().bytesPassed())
            .setSpills(totals.spills());
    for (dev.shunt.observe.ReasonCount count : totals.reasons()) {
      message.addReasons(
          ReasonCount.newBuilder()
              .setReason(Enums.toProto(count.reason()))
              .setConnections(count.connections())
              .setMessages(count.messages()));
    }
    return message.build();
  }
}
