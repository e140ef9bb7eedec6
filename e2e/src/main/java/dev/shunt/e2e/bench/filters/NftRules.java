package dev.shunt.e2e.bench.filters;

import dev.shunt.desired.filter.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rules as somebody writes them who knows nftables: one rule with a set of networks, or one
 * look into a map of networks and ports; with counters, as ours have. What nothing matches is
 * counted.
 */
final class NftRules {
  static final String TABLE = "shunt_bench";
  static final String MISSED = "missed";

  private NftRules() {}

  /** What {@code nft -f -} reads; replaces the rules that were there, in one transaction. */
  static String script(SyntheticRules shape, String device) {
    String fresh = "table netdev " + TABLE + "\ndelete table netdev " + TABLE + "\n";
    return fresh
        + """
        table netdev %s {
          counter %s { }
          %s
          chain ingress {
            type filter hook ingress device %s priority 0; policy accept;
            %s
            counter name %s
          }
        }
        """
            .formatted(
                TABLE,
                MISSED,
                shape.ruleCount() == 1 ? set(shape) : map(shape),
                device,
                shape.ruleCount() == 1
                    ? "ip saddr @sources udp dport %d counter accept"
                        .formatted(SyntheticRules.port(0))
                    : "ip saddr . udp dport vmap @sources",
                MISSED);
  }

  private static String set(SyntheticRules shape) {
    return """
        set sources {
            type ipv4_addr
            flags interval
            auto-merge
            elements = { %s }
          }"""
        .formatted(shape.cidrs().stream().map(Cidr::toString).collect(Collectors.joining(", ")));
  }

  private static String map(SyntheticRules shape) {
    return """
        map sources {
            type ipv4_addr . inet_service : verdict
            flags interval
            counter
            elements = { %s }
          }"""
        .formatted(String.join(", ", elements(shape)));
  }

  /** Without what another network of the same rule covers: such maps take no overlaps. */
  private static List<String> elements(SyntheticRules shape) {
    Map<Integer, List<Cidr>> byPort = new HashMap<>();
    List<String> elements = new ArrayList<>();
    shape.byRule(
        (cidr, port) -> {
          List<Cidr> kept = byPort.computeIfAbsent(port, key -> new ArrayList<>());
          if (kept.stream().noneMatch(other -> other.contains(cidr))) {
            kept.removeIf(cidr::contains);
            kept.add(cidr);
          }
        });
    byPort.forEach(
        (port, cidrs) -> cidrs.forEach(c -> elements.add("%s . %d : accept".formatted(c, port))));
    return elements;
  }
}
