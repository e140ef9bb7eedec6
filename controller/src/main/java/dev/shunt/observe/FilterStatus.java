package dev.shunt.observe;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Filters in force, and where. Immutable.
 *
 * @param filters in the order in which their rules are asked
 * @param points where rules are asked
 * @param totals sums over all rules about connections
 * @param packets sums over all rules about packets
 */
public record FilterStatus(
    List<Filter> filters, List<Point> points, Totals totals, PacketTotals packets) {
  /** No filter at all. */
  public static final FilterStatus NONE =
      new FilterStatus(List.of(), List.of(), Totals.NONE, PacketTotals.NONE);

  /** Copies the lists. */
  public FilterStatus {
    filters = List.copyOf(filters);
    points = List.copyOf(points);
  }

  /** What a rule does. */
  public enum Action {
    ALLOW,
    DENY,
    RATE_LIMIT
  }

  /** Whether a rule acts. */
  public enum Mode {
    ENFORCE,
    MONITOR
  }

  /**
   * A policy.
   *
   * @param kind of the policy
   * @param name {@code namespace/name} or {@code cluster:name}
   * @param where its selector, for people
   * @param order its place among others
   * @param rules in order
   */
  public record Filter(String kind, String name, String where, Order order, List<Rule> rules) {
    /** Copies the list. */
    public Filter {
      rules = List.copyOf(rules);
    }
  }

  /**
   * What holds for all rules of a filter.
   *
   * @param priority the higher comes first
   * @param allowsLockout whether it may deny fail-safe ports
   */
  public record Order(int priority, boolean allowsLockout) {}

  /**
   * A rule and what it did.
   *
   * @param name within the filter
   * @param action what it does
   * @param mode whether it acts
   * @param match its conditions, for people
   * @param count what it did
   * @param findings what its author should know
   */
  public record Rule(
      String name, Action action, Mode mode, String match, Count count, List<Finding> findings) {
    /** Copies the list. */
    public Rule {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Counters of a rule.
   *
   * @param hits decided, or would have been
   * @param denied of these, refused
   * @param bytes of what it decided; 0 for attempts to connect
   */
  public record Count(long hits, long denied, long bytes) {}

  /**
   * Something odd about a rule.
   *
   * @param kind {@code shadowed}, {@code fail_safe} or {@code pending}
   * @param text one sentence
   */
  public record Finding(String kind, String text) {}

  /**
   * A place where rules are asked.
   *
   * @param at its name
   * @param hook that holds it
   * @param version of the rule set in force; 0: none
   * @param rules in force
   * @param error why these are not those of the policies; empty when they are
   */
  public record Point(String at, String hook, long version, int rules, String error) {}

  /**
   * Sums over all rules.
   *
   * @param attempts that rules were asked about
   * @param denied refused
   * @param monitored would have been refused
   * @param unmatched by no rule
   * @param incomplete allowed because a row was missing
   * @param eventsLost ring full
   * @param eventsSampled left out
   */
  public record Totals(
      long attempts,
      long denied,
      long monitored,
      long unmatched,
      long incomplete,
      long eventsLost,
      long eventsSampled) {
    /** Nothing counted. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * Sums over all rules about packets.
   *
   * @param packets that rules were asked about
   * @param unmatched by no rule
   * @param odd that cannot be read, by reason
   * @param eventsLost ring full
   * @param eventsSampled left out
   */
  public record PacketTotals(
      long packets, long unmatched, Map<String, Long> odd, long eventsLost, long eventsSampled) {
    /** Nothing counted. */
    public static final PacketTotals NONE = new PacketTotals(0, 0, Map.of(), 0, 0);

    /** Copies the map. */
    public PacketTotals {
      odd = Collections.unmodifiableMap(new TreeMap<>(odd));
    }
  }
}
