package dev.shunt.e2e.scene;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP load generator in a pod: each {@link #run} is a fresh wrk process with one thread, hence
 * with new connections. One thread; a run blocks until wrk has ended.
 */
public final class WrkLoad implements AutoCloseable {
  /** What wrk may take beyond its own duration to connect, stop and print. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  private final Pod pod;
  private final Path script;
  private final String url;
  private int runs;
  private boolean closed;
  private @Nullable SceneProcess current;

  private WrkLoad(Pod pod, Path script, String url) {
    this.pod = pod;
    this.script = script;
    this.url = url;
  }

  /** Prepares load on {@code url} from {@code pod}; nothing runs yet. */
  public static WrkLoad create(Pod pod, String url) {
    Path folder = pod.folder("load", NginxApp.UID);
    Path script =
        SceneDirectory.write(folder.resolve("report.lua"), WrkResult.REPORT_SCRIPT, NginxApp.UID);
    return new WrkLoad(pod, script, url);
  }

  /**
   * Drives the load and returns what wrk measured.
   *
   * @param connections concurrent keep-alive connections, 1 or more
   * @param seconds length of the run, 1 or more
   * @throws SceneException when wrk fails or any request failed: such a run measures nothing
   */
  public WrkResult run(int connections, int seconds) {
    runs++;
    List<String> argv =
        List.of(
            SceneRequirements.program("wrk"),
            "--threads",
            "1",
            "--connections",
            Integer.toString(connections),
            "--duration",
            seconds + "s",
            "--timeout",
            "10s",
            "--latency",
            "--script",
            script.toString(),
            url);
    SceneProcess wrk = startUnlessClosed(argv);
    int exit = wrk.awaitExit(Duration.ofSeconds(seconds).plus(SLACK));
    if (exit != 0) {
      throw new SceneException(
          "run " + wrk.name() + " failed: exit " + exit + ": " + wrk.logTail());
    }
    WrkResult result = WrkResult.parse(wrk.log());
    if (result.errors() > 0 || result.requests() == 0) {
      throw new SceneException(
          String.format(
              "load %s failed: %d requests, %d errors: %s",
              url, result.requests(), result.errors(), wrk.logTail()));
    }
    return result;
  }

  private synchronized SceneProcess startUnlessClosed(List<String> argv) {
    if (closed) {
      throw new SceneException("start load failed: the scene is being removed");
    }
    SceneProcess wrk = pod.start("load-" + runs, NginxApp.UID, argv);
    current = wrk;
    return wrk;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      current.close();
    }
  }
}
