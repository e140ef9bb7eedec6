package dev.shunt.reconcile;

import dev.shunt.desired.Mode;

/**
 * What policy decides of the node's settings; part of {@code struct node_config}. The other fields
 * are not touched.
 *
 * @param mode ceiling over all endpoints
 * @param defaultEndpointId of network namespaces that are not known
 * @param selectorCombinations bit per combination of selector fields in use
 * @param adoptTurns turns that each end needs before adoption
 */
public record ConfigRow(
    Mode mode, int defaultEndpointId, int selectorCombinations, int adoptTurns) {
  /** For messages. */
  public String text() {
    return "mode "
        + mode.text()
        + ", default endpoint "
        + defaultEndpointId
        + ", selector combinations 0x"
        + Integer.toHexString(selectorCombinations)
        + ", adopt after "
        + adoptTurns
        + " turns";
  }

  /** The same with another ceiling. */
  ConfigRow withMode(Mode ceiling) {
    return new ConfigRow(ceiling, defaultEndpointId, selectorCombinations, adoptTurns);
  }
}
