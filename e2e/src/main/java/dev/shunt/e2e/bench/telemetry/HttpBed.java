package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.e2e.demo.MachineCpu;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.scene.WrkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers of HTTP in a network namespace and a cgroup of their own, and wrk beside them. One
 * thread; {@link #close} removes all of it, also from a shutdown hook.
 */
final class HttpBed implements AutoCloseable {
  private static final int CONNECTIONS = 32;
  private static final double NANOS_PER_MICRO = 1000;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Teardown teardown = new Teardown();
  private final Path directory;
  private final PodNetwork.PodNamespace pod;
  private final CgroupTree cgroup;
  private int runs;

  private HttpBed(String name) {
    cgroup = teardown.add(CgroupTree.create(name));
    directory = teardown.add(SceneDirectory.create(name)).path();
    pod = teardown.add(PodNetwork.create(name)).addPod("web");
  }

  /**
   * Starts nginx.
   *
   * @param name unique on this host
   */
  static HttpBed open(String name) {
    HttpBed bed = new HttpBed(name);
    try {
      bed.start();
      return bed;
    } catch (RuntimeException failed) {
      bed.close();
      throw failed;
    }
  }

  private void start() {
    NginxFiles files = new NginxFiles(directory);
    files.write();
    for (TelemetryTraffic traffic : TelemetryTraffic.values()) {
      write(script(traffic), traffic.script() + WrkResult.REPORT_SCRIPT);
    }
    startServer("nginx", files.command(), NginxFiles.PORT);
  }

  /** Starts a JVM that answers too. */
  void startJvm() {
    startServer("java", new AllocatingServer(directory).command(), AllocatingServer.PORT);
  }

  private void startServer(String name, List<String> argv, int port) {
    SceneProcess server =
        teardown.add(SceneProcess.start(name, inside(argv), directory.resolve(name + ".log")));
    server.awaitListening(port, LIMIT);
  }

  /** Name of its network namespace. */
  String namespace() {
    return pod.name();
  }

  /** Of all its processes. */
  CgroupTree cgroup() {
    return cgroup;
  }

  private Path script(TelemetryTraffic traffic) {
    return directory.resolve(traffic.name() + ".lua");
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failed) {
      throw new SceneException("write " + file + " failed: " + failed, failed);
    }
  }

  private List<String> inside(List<String> argv) {
    return cgroup.joining(PodNetwork.inside(pod.name(), argv));
  }

  /** Drives traffic and says what came of it. */
  TelemetryPair.Slice run(TelemetryTraffic traffic, int seconds) {
    runs++;
    List<String> argv =
        new ArrayList<>(
            List.of(
                SceneRequirements.program("wrk"),
                "--threads=1",
                "--connections=" + CONNECTIONS,
                "--duration=" + seconds + "s",
                "--latency",
                "--script=" + script(traffic),
                traffic.url()));
    long before = MachineCpu.busyMicros();
    long ownBefore = Linux.processCpuNanos();
    SceneProcess wrk =
        SceneProcess.start("wrk", inside(argv), directory.resolve("wrk" + runs + ".log"));
    teardown.add(wrk);
    if (wrk.awaitExit(LIMIT) != 0) {
      throw new SceneException("run wrk failed: " + wrk.logTail());
    }
    double own = (Linux.processCpuNanos() - ownBefore) / NANOS_PER_MICRO;
    double busy = MachineCpu.busyMicros() - before;
    WrkResult result = WrkResult.parse(wrk.log());
    if (result.errors() > 0 || result.requests() == 0) {
      throw new SceneException("run wrk failed: " + wrk.logTail());
    }
    return new TelemetryPair.Slice(
        result.requests(),
        result.requestsPerSecond(),
        busy / result.requests(),
        own / result.requests());
  }

  @Override
  public void close() {
    teardown.close();
  }
}
