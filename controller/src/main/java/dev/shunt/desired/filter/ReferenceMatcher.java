package dev.shunt.desired.filter;

import dev.shunt.desired.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides about packets rule by rule: slow and obvious. The programs of the data path are held
 * against it, and it answers {@code shunt filters test}. Stateless, thread-safe.
 */
public final class ReferenceMatcher {
  private final PointRules rules;

  /** For the rules of a point. */
  public ReferenceMatcher(PointRules rules) {
    this.rules = rules;
  }

  /** Takes what does not match, as text only if somebody wants it. */
  private interface Notes {
    void add(PointRule rule, Supplier<String> why);
  }

  /** Which rule decides about a packet, and why not one before it. */
  public Explanation explain(PacketFacts packet) {
    List<String> passedOver = new ArrayList<>();
    Explanation bare = walk(packet, (rule, why) -> passedOver.add(rule.id() + ": " + why.get()));
    return new Explanation(bare.decided(), bare.monitored(), bare.failSafe(), passedOver);
  }

  /** As {@link #explain} without saying why not the others. */
  public Explanation decide(PacketFacts packet) {
    return walk(packet, (rule, why) -> {});
  }

  private Explanation walk(PacketFacts packet, Notes notes) {
    boolean failSafe = rules.failSafe().protects(packet);
    Optional<PointRule> monitored = Optional.empty();
    Optional<PointRule> decided = Optional.empty();
    for (PointRule rule : rules.rules()) {
      Optional<Supplier<String>> mismatch =
          failSafe && !rule.holdsForFailSafe()
              ? Optional.of(() -> "fail-safe port")
              : mismatch(rule.rule().match(), packet);
      if (mismatch.isPresent()) {
        notes.add(rule, mismatch.get());
      } else if (rule.mode() == FilterMode.ENFORCE) {
        decided = Optional.of(rule);
        break;
      } else if (monitored.isEmpty()) {
        monitored = Optional.of(rule);
        notes.add(rule, () -> "matches, but monitors only");
      } else {
        notes.add(rule, () -> "matches after another that monitors");
      }
    }
    return new Explanation(
        decided,
        monitored,
        failSafe ? Explanation.Protection.FAIL_SAFE : Explanation.Protection.NONE,
        List.of());
  }

  /** The first condition that does not hold; empty when all do. */
  private Optional<Supplier<String>> mismatch(FilterMatch match, PacketFacts packet) {
    IpAddress remote =
        rules.direction() == FilterDirection.INGRESS ? packet.source() : packet.destination();
    if (!holds(match.remotes(), remote)) {
      return Optional.of(() -> "remote " + remote);
    }
    if (!holds(match.sources(), packet.source())) {
      return Optional.of(() -> "source " + packet.source());
    }
    if (!holds(match.destinations(), packet.destination())) {
      return Optional.of(() -> "destination " + packet.destination());
    }
    if (match.protocol() != FilterProtocol.ANY && match.protocol().number() != packet.protocol()) {
      return Optional.of(() -> "protocol " + packet.protocol());
    }
    if (!match.fragments().matches(packet.fragment())) {
      return Optional.of(() -> "fragment " + packet.fragment());
    }
    return transportMismatch(match, packet);
  }

  private static Optional<Supplier<String>> transportMismatch(
      FilterMatch match, PacketFacts packet) {
    if (match.needsTransportHeader() && packet.destinationPort() == PacketFacts.ABSENT) {
      return Optional.of(() -> "no transport header");
    }
    if (!inside(match.sourcePorts(), packet.sourcePort())) {
      return Optional.of(() -> "source port " + packet.sourcePort());
    }
    if (!inside(match.destinationPorts(), packet.destinationPort())) {
      return Optional.of(() -> "destination port " + packet.destinationPort());
    }
    boolean type =
        match.icmp().isEmpty()
            || match.icmp().stream()
                .anyMatch(icmp -> icmp.matches(packet.icmpType(), packet.icmpCode()));
    return type
        ? Optional.empty()
        : Optional.of(() -> "ICMP " + packet.icmpType() + "/" + packet.icmpCode());
  }

  private static boolean holds(List<Cidr> cidrs, IpAddress address) {
    return cidrs.isEmpty() || cidrs.stream().anyMatch(cidr -> cidr.contains(address));
  }

  private static boolean inside(List<PortRange> ranges, int port) {
    return ranges.isEmpty()
        || ranges.stream().anyMatch(range -> port >= range.first() && port <= range.last());
  }
}
