package dev.shunt.e2e.demo;

/**
 * How the demo measures. Immutable.
 *
 * @param rounds pairs of one plain and one accelerated run, 1 to 50
 * @param seconds length of one run, 1 to 60
 * @param connections concurrent keep-alive connections of the client, 1 to 1000
 * @param bodyBytes size of the response body, 1 to 1048576
 */
public record DemoOptions(int rounds, int seconds, int connections, int bodyBytes) {
  static final int WARM_UP_SECONDS = 2;

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException naming the option, its value and its limits
   */
  public DemoOptions {
    require("--rounds", rounds, 50);
    require("--seconds", seconds, 60);
    require("--connections", connections, 1000);
    require("--body-bytes", bodyBytes, 1 << 20);
  }

  private static void require(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(option + ": " + value + " (expected: 1.." + max + ")");
    }
  }
}
