package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A load generator in a pod for HTTP/2, gRPC, and for HTTP/1.1 where wrk will not do: each {@link
 * #run} is a fresh h2load process with one thread, hence with new connections. One thread; a run
 * blocks until h2load has ended.
 */
public final class H2Load implements AutoCloseable {
  /** What h2load may take beyond its own duration to connect, stop and print. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  /** A gRPC frame: not compressed, length 0, hence an empty message (gRPC over HTTP/2, "DATA"). */
  private static final byte[] EMPTY_GRPC_MESSAGE = new byte[5];

  private final Pod pod;
  private final Path folder;
  private final List<String> request;
  private int runs;
  private boolean closed;
  private @Nullable SceneProcess current;

  private H2Load(Pod pod, Path folder, List<String> request) {
    this.pod = pod;
    this.folder = folder;
    this.request = List.copyOf(request);
  }

  /**
   * Prepares GET requests for {@code url} over HTTP/1.1; nothing runs yet. wrk asks FIONREAD after
   * each full 8 KB that it read, which keeps its connections on TCP where a kernel answers that
   * wrongly; h2load never asks.
   */
  public static H2Load http1(Pod pod, String url) {
    return new H2Load(pod, pod.folder("load", NginxApp.UID), List.of("--h1", url));
  }

  /** Prepares GET requests for {@code url} over HTTP/2; nothing runs yet. */
  public static H2Load http2(Pod pod, String url) {
    return new H2Load(pod, pod.folder("load", NginxApp.UID), List.of(url));
  }

  /**
   * Prepares gRPC calls with an empty message to the method of {@link GrpcApp}.
   *
   * @param authority {@code http://address:port}
   */
  public static H2Load grpc(Pod pod, String authority) {
    Path folder = pod.folder("load", NginxApp.UID);
    String empty = new String(EMPTY_GRPC_MESSAGE, StandardCharsets.ISO_8859_1);
    Path message = SceneDirectory.write(folder.resolve("message"), empty, NginxApp.UID);
    return new H2Load(
        pod,
        folder,
        List.of(
            "--data",
            message.toString(),
            "--header",
            "content-type: application/grpc",
            "--header",
            "te: trailers",
            authority + GrpcAppServer.PATH));
  }

  /**
   * Drives the load, one request at a time on each connection, and returns what was measured.
   *
   * @param connections concurrent connections, 1 or more
   * @param millis length of the run, 1 or more
   * @throws SceneException when h2load fails or any request failed: such a run measures nothing
   */
  public H2LoadResult run(int connections, int millis) {
    runs++;
    Path times = folder.resolve("times-" + runs);
    SceneProcess load = startUnlessClosed(arguments(connections, millis, times));
    int exit = load.awaitExit(Duration.ofMillis(millis).plus(SLACK));
    if (exit != 0) {
      throw new SceneException(
          "run " + load.name() + " failed: exit " + exit + ": " + load.logTail());
    }
    H2LoadResult result = read(load.log(), times);
    if (result.errors() > 0 || result.requests() == 0) {
      throw new SceneException(
          String.format(
              "load %s failed: %d requests, %d errors: %s",
              request.get(request.size() - 1), result.requests(), result.errors(), load.logTail()));
    }
    return result;
  }

  private List<String> arguments(int connections, int millis, Path times) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                SceneRequirements.program("h2load"),
                "--threads=1",
                "--clients=" + connections,
                "--max-concurrent-streams=1",
                "--duration=" + millis + "ms",
                "--log-file=" + times));
    argv.addAll(request);
    return argv;
  }

  private static H2LoadResult read(String output, Path times) {
    try (Stream<String> lines = Files.lines(times)) {
      return H2LoadResult.parse(output, lines);
    } catch (IOException e) {
      throw new SceneException("read " + times + " failed: " + e, e);
    } finally {
      deleteQuietly(times);
    }
  }

  private static void deleteQuietly(Path times) {
    try {
      Files.deleteIfExists(times);
    } catch (IOException e) {
      // the scene's directory goes with everything in it
    }
  }

  private synchronized SceneProcess startUnlessClosed(List<String> argv) {
    if (closed) {
      throw new SceneException("start load failed: the scene is being removed");
    }
    SceneProcess load = pod.start("load-" + runs, NginxApp.UID, argv);
    current = load;
    return load;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      current.close();
    }
  }
}
