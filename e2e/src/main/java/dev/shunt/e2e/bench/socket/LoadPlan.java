package dev.shunt.e2e.bench.socket;

/**
 * The traffic of one cell. Immutable.
 *
 * @param shape what travels
 * @param bytes of a message, 1 to 1 MiB
 * @param connections at once
 * @param path between the two processes
 * @param placement of the two processes
 * @param rate operations due per second, whether earlier ones have ended or not; 0: the next one
 *     begins when the one before has ended
 */
public record LoadPlan(
    LoadShape shape, int bytes, int connections, LoadPath path, LoadPlacement placement, int rate) {

  /** Traffic without a pace of its own. */
  public LoadPlan(
      LoadShape shape, int bytes, int connections, LoadPath path, LoadPlacement placement) {
    this(shape, bytes, connections, path, placement, 0);
  }

  /** Name of the cell, such as {@code pingpong/4KB/1c/1cpu} or {@code pingpong/1KB/16c/5000ps}. */
  String name() {
    String pace = rate == 0 ? "" : "/" + rate + "ps";
    return path.prefix()
        + shape
        + "/"
        + size()
        + "/"
        + connections
        + "c"
        + pace
        + placement.suffix();
  }

  private String size() {
    if (bytes >= 1 << 20) {
      return (bytes >> 20) + "MB";
    }
    return bytes >= 1 << 10 ? (bytes >> 10) + "KB" : bytes + "B";
  }
}
