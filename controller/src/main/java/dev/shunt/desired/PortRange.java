package dev.shunt.desired;

/**
 * Ports of the passive end (the service's own).
 *
 * @param first lowest port, 1..65535
 * @param last highest port, first..65535
 */
public record PortRange(int first, int last) {
  private static final int PORT_MAX = 65535;

  /** Checks the bounds. */
  public PortRange {
    if (first < 1 || last > PORT_MAX || first > last) {
      throw new IllegalArgumentException(
          "port range: " + first + "-" + last + " (expected: 1..65535, ascending)");
    }
  }

  /** A single port prints as itself. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
