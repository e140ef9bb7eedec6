package dev.shunt.reconcile;

import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.desired.EndpointFlag;
import dev.shunt.desired.EndpointRules;
import dev.shunt.desired.Mode;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Row of the endpoint policies; {@code struct endpoint_policy}.
 *
 * @param mode of the endpoint
 * @param rules flags and ports
 */
public record EndpointRow(Mode mode, EndpointRules rules) {
  /** The row that the data path must hold for an endpoint. */
  public static EndpointRow of(DesiredEndpoint endpoint) {
    return new EndpointRow(endpoint.mode(), endpoint.rules());
  }

  /** For messages: {@code accelerate [SAME_POD] include=[80] exclude=[]}. */
  public String text() {
    return mode.text()
        + " "
        + new TreeSet<>(rules.flags())
        + " include="
        + rules.ports().include()
        + " exclude="
        + rules.ports().exclude();
  }

  /**
   * A row on the way from an actual one to this one that allows no path and no mode that either of
   * them forbids. The ports are those of this row: two port lists have no common part that always
   * fits.
   */
  EndpointRow narrowedBy(EndpointRow actual) {
    Set<EndpointFlag> flags = EnumSet.noneOf(EndpointFlag.class);
    for (EndpointFlag flag : rules.flags()) {
      if (flag == EndpointFlag.PORTS_INCLUDE || actual.rules.flags().contains(flag)) {
        flags.add(flag);
      }
    }
    return new EndpointRow(mode.min(actual.mode), new EndpointRules(flags, rules.ports()));
  }
}
