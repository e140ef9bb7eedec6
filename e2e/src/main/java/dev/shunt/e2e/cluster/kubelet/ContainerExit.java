package dev.shunt.e2e.cluster.kubelet;

import io.kubernetes.client.openapi.models.V1ContainerStateTerminated;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * How a run of a container ended. Immutable.
 *
 * @param id of the container
 * @param code its exit code, 128 and the signal's number when a signal ended it
 * @param started when it started
 * @param finished when it ended
 * @param message the end of its output when it failed
 */
record ContainerExit(String id, int code, Instant started, Instant finished, String message) {
  boolean failed() {
    return code != 0;
  }

  V1ContainerStateTerminated state() {
    return new V1ContainerStateTerminated()
        .containerID("containerd://" + id)
        .exitCode(code)
        .reason(failed() ? "Error" : "Completed")
        .message(message)
        .startedAt(started.atOffset(ZoneOffset.UTC))
        .finishedAt(finished.atOffset(ZoneOffset.UTC));
  }
}
