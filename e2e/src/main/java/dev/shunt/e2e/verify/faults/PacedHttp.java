package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP requests on connections that are kept alive, slow enough that none has to wait for a CPU:
 * wrk and nginx on the stage's cgroup. One thread; {@link #close} ends both.
 */
final class PacedHttp implements AutoCloseable {
  /**
   * wrk, latency of requests in microseconds; it counts a request that a reset ended as an error.
   */
  private static final String SCRIPT =
      """
      delay = function() return 4 end
      done = function(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("paced requests=%d errors=%d longest_us=%d\\n", summary.requests,
          e.connect + e.read + e.write + e.status + e.timeout, latency.max))
      end
      """;

  private static final Pattern RESULT =
      Pattern.compile("paced requests=(\\d+) errors=(\\d+) longest_us=(\\d+)");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int BODY_BYTES = 1024;
  private static final int CONNECTIONS = 8;

  private final FaultStage stage;
  private final Pod pod;
  private final NginxApp app;
  private final Path script;
  private int runs;

  /**
   * What one run saw.
   *
   * @param requests that were answered
   * @param longestMillis that one of them took
   */
  record Result(long requests, long longestMillis) {}

  PacedHttp(FaultStage stage) {
    this.stage = stage;
    pod = stage.bed().serverPod("http");
    app = NginxApp.start(pod, BODY_BYTES);
    app.awaitReady();
    script =
        SceneDirectory.write(
            pod.folder("load", NginxApp.UID).resolve("paced.lua"), SCRIPT, NginxApp.UID);
  }

  /**
   * Makes requests until {@code meanwhile} has ended.
   *
   * @throws SceneException when a request failed
   */
  Result during(Runnable meanwhile) {
    SceneProcess wrk =
        stage.add(
            pod.start(
                "wrk-" + ++runs,
                NginxApp.UID,
                List.of(
                    SceneRequirements.program("wrk"),
                    "--threads=1",
                    "--connections=" + CONNECTIONS,
                    "--duration=600s",
                    "--timeout=10s",
                    "--script=" + script,
                    "http://127.0.0.1:" + NginxApp.PORT + "/body")));
    meanwhile.run();
    stage.run("kill", "-INT", Long.toString(wrk.pid()));
    Await.until(() -> !wrk.isAlive(), LIMIT);
    Matcher result = RESULT.matcher(wrk.log());
    if (!result.find()) {
      throw new SceneException("measure HTTP requests failed: " + wrk.logTail());
    }
    if (!result.group(2).equals("0")) {
      throw new SceneException(result.group(2) + " of " + result.group(1) + " requests failed");
    }
    return new Result(Long.parseLong(result.group(1)), Long.parseLong(result.group(3)) / 1000);
  }

  @Override
  public void close() {
    app.close();
  }
}
