package dev.shunt.desired;

import java.util.List;

/**
 * Ports that a policy is about.
 *
 * @param include only these; empty means all
 * @param exclude never these, also when included
 */
public record PortRules(List<PortRange> include, List<PortRange> exclude) {
  /** Most ranges of each list: {@code PORT_RANGES_MAX} of the data path. */
  public static final int RANGES_MAX = 16;

  /** Every port. */
  public static final PortRules ALL = new PortRules(List.of(), List.of());

  /** Copies the lists and checks their bound. */
  public PortRules {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    if (include.size() > RANGES_MAX || exclude.size() > RANGES_MAX) {
      throw new IllegalArgumentException(
          "port ranges: "
              + Math.max(include.size(), exclude.size())
              + " (expected: at most 16 of each list)");
    }
  }
}
