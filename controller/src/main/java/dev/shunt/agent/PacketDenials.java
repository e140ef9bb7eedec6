package dev.shunt.agent;

import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.PacketFacts;
import dev.shunt.observe.AddressText;
import dev.shunt.observe.DenialView;
import dev.shunt.observe.FilterStatus;
import dev.shunt.reconcile.filter.Denial;
import dev.shunt.reconcile.filter.FilterTotals;
import dev.shunt.reconcile.filter.PacketFilters;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Hands denials of packets on to who listens. Loop thread. */
final class PacketDenials {
  private final DenialHub hub;
  private long lostSeen;

  PacketDenials(DenialHub hub) {
    this.hub = hub;
  }

  /** Takes what is there; the ring is emptied also while nobody listens. */
  void take(PacketFilters filters) {
    FilterTotals totals = filters.totals();
    long[] lost = {totals.eventsLost() + totals.eventsSampledOut() - lostSeen};
    filters.drainDenials(
        denial -> {
          if (hub.isWatched()) {
            hub.publish(view(denial, lost[0]));
            lostSeen += lost[0];
            lost[0] = 0;
          }
        });
    if (!hub.isWatched()) {
      lostSeen += lost[0];
    }
  }

  private static DenialView view(Denial denial, long lost) {
    PacketFacts packet = denial.packet();
    long age = Math.max(0, System.nanoTime() - denial.timeNanos());
    boolean ports =
        packet.protocol() != FilterProtocol.ICMP.number()
            && packet.protocol() != FilterProtocol.ICMPV6.number();
    return new DenialView(
        Instant.now().minusNanos(age),
        denial.rule(),
        denial.mode() == FilterMode.MONITOR ? FilterStatus.Mode.MONITOR : FilterStatus.Mode.ENFORCE,
        new DenialView.Attempt(
            denial.point(),
            protocol(packet.protocol()),
            Optional.of(end(packet.source(), ports ? packet.sourcePort() : 0)),
            end(packet.destination(), ports ? packet.destinationPort() : 0),
            denial.reason().name().toLowerCase(Locale.ROOT)),
        DenialView.Caller.unknown(denial.pod()),
        lost);
  }

  private static InetSocketAddress end(IpAddress address, int port) {
    return new InetSocketAddress(AddressText.parse(address.toString()), Math.max(0, port));
  }

  private static String protocol(int number) {
    for (FilterProtocol protocol : FilterProtocol.values()) {
      if (protocol.number() == number) {
        return protocol.name().toLowerCase(Locale.ROOT);
      }
    }
    return Integer.toString(number);
  }
}
