package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.SceneException;
import java.util.Locale;

/** Whether a chain that is called plain really is on plain TCP. Pure. */
final class PlainCheck {
  /** Each body crosses client to sidecar, sidecar to sidecar and sidecar to application. */
  private static final int HOPS = 3;

  private PlainCheck() {}

  /**
   * Compares what the chain's network devices carried with what TCP must carry.
   *
   * @param requests completed requests, 1 or more
   * @param deviceBytes bytes that the chain's devices received meanwhile
   * @param bodyBytes size of one response body
   * @throws SceneException when bytes are missing: another accelerator covers the plain chain
   */
  static void require(long requests, long deviceBytes, int bodyBytes) {
    if (deviceBytes < requests * bodyBytes * HOPS) {
      throw new SceneException(
          String.format(
              Locale.ROOT,
              "measure plain TCP failed: only %.0f bytes per request crossed the plain chain's"
                  + " devices (expected: %d or more), so something else accelerates it; stop other"
                  + " nodes of this host (shunt mode off) and run again",
              (double) deviceBytes / requests,
              (long) bodyBytes * HOPS));
    }
  }
}
