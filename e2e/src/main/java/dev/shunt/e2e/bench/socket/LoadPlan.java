package dev.shunt.e2e.bench.socket;

/**
 * The traffic of one cell. Immutable.
 *
 * @param shape what travels
 * @param bytes of a message, 1 to 1 MiB
 * @param connections at once
 * @param path between the two processes
 */
public record LoadPlan(LoadShape shape, int bytes, int connections, LoadPath path) {
  /** Name of the cell, such as {@code pingpong/4KB/16c}. */
  String name() {
    return path.prefix() + shape + "/" + size() + "/" + connections + "c";
  }

  private String size() {
    if (bytes >= 1 << 20) {
      return (bytes >> 20) + "MB";
    }
    return bytes >= 1 << 10 ? (bytes >> 10) + "KB" : bytes + "B";
  }
}
