package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.SceneException;
import io.grpc.Status;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A caller that must not be served. Immutable.
 *
 * @param name for the report
 * @param codes what it may be answered with
 * @param reason that it is counted by
 * @param call calls and says how that ended
 */
record RefusalCase(String name, Set<Status.Code> codes, String reason, Supplier<Status> call) {
  RefusalCase {
    codes = Set.copyOf(codes);
  }

  /**
   * Calls, and sees it refused and counted.
   *
   * @throws SceneException otherwise
   */
  void run(ClusterStage stage, PlaneMetrics metrics) {
    long before = metrics.refused(reason);
    Status status = call.get();
    if (!codes.contains(status.getCode())) {
      throw new SceneException(
          "refuse %s failed: it was answered with %s (expected: %s)"
              .formatted(name, status, codes));
    }
    stage.await(
        name + " counted as " + reason, PlaneMetrics.LIMIT, () -> metrics.refused(reason) > before);
  }
}
