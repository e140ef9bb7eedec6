package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.H2Load;
import dev.shunt.e2e.scene.H2LoadResult;
import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The load of a scene: keep-alive connections of the client, one small request at a time on each.
 * One thread drives it; {@link #close} also from a shutdown hook.
 */
final class SceneLoad implements AutoCloseable {
  static final int CONNECTIONS = 16;

  /** How many requests redis-benchmark is given for a millisecond: fewer than it could do. */
  private static final int REDIS_REQUESTS_PER_MILLI = 12;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Drives the load of one address family. */
  private interface Driver extends AutoCloseable {
    Result run(int millis);

    @Override
    void close();
  }

  private final List<Driver> drivers = new ArrayList<>();

  /**
   * What the client saw. Immutable.
   *
   * @param requests completed requests, 1 or more
   * @param durationMicros that they took
   * @param p50Micros median latency
   * @param p99Micros 99th percentile
   */
  record Result(long requests, double durationMicros, double p50Micros, double p99Micros) {
    /** Both one after the other; the latencies are the means. */
    Result and(Result other) {
      return new Result(
          requests + other.requests,
          durationMicros + other.durationMicros,
          (p50Micros + other.p50Micros) / 2,
          (p99Micros + other.p99Micros) / 2);
    }

    double requestsPerSecond() {
      return requests * 1e6 / durationMicros;
    }
  }

  /** Prepares load; nothing runs yet. */
  SceneLoad(SceneBed bed) {
    int number = 0;
    for (String entrance : bed.entrances()) {
      Pod client = bed.of(Role.CLIENT);
      Pod named =
          new Pod(
              client.name() + number++, client.namespace(), client.cgroup(), client.directory());
      drivers.add(driver(named, bed.shape().protocol(), entrance));
    }
  }

  private static Driver driver(Pod client, Protocol protocol, String entrance) {
    String url = "http://" + entrance;
    return switch (protocol) {
      case HTTP1 -> new OfH2Load(H2Load.http1(client, url + HttpApp.LOAD_BODY));
      case HTTP2 -> new OfH2Load(H2Load.http2(client, url + HttpApp.LOAD_BODY));
      case GRPC -> new OfH2Load(H2Load.grpc(client, url));
      case REDIS -> new OfRedis(client, entrance);
    };
  }

  /**
   * Drives the load with fresh connections.
   *
   * @param millis length of the run, shared by the families
   * @throws SceneException a request failed
   */
  Result run(int millis) {
    return drivers.stream()
        .map(driver -> driver.run(millis / drivers.size()))
        .reduce(Result::and)
        .orElseThrow();
  }

  @Override
  public void close() {
    drivers.forEach(Driver::close);
  }

  private record OfH2Load(H2Load load) implements Driver {
    @Override
    public Result run(int millis) {
      H2LoadResult result = load.run(CONNECTIONS, millis);
      return new Result(
          result.requests(), result.durationMicros(), result.p50Micros(), result.p99Micros());
    }

    @Override
    public void close() {
      load.close();
    }
  }

  /** redis-benchmark; each run is a process of its own. */
  private static final class OfRedis implements Driver {
    private final Pod client;
    private final List<String> argv;
    private int runs;

    OfRedis(Pod client, String entrance) {
      this.client = client;
      int colon = entrance.lastIndexOf(':');
      argv =
          List.of(
              SceneRequirements.program("redis-benchmark"),
              "-h",
              entrance.substring(0, colon).replaceAll("[\\[\\]]", ""),
              "-p",
              entrance.substring(colon + 1),
              "-c",
              Integer.toString(CONNECTIONS),
              "-d",
              Integer.toString(HttpApp.LOAD_BODY_BYTES),
              "--csv");
    }

    @Override
    public Result run(int millis) {
      if (runs == 0) {
        benchmark("set", CONNECTIONS); // what the load then gets
      }
      int requests = Math.max(CONNECTIONS, millis * REDIS_REQUESTS_PER_MILLI);
      return RedisResult.parse(benchmark("get", requests), requests);
    }

    private String benchmark(String command, int requests) {
      List<String> full = new ArrayList<>(argv);
      full.addAll(List.of("-t", command, "-n", Integer.toString(requests)));
      SceneProcess process = client.start("load-" + ++runs, NginxApp.UID, full);
      if (process.awaitExit(LIMIT) != 0) {
        throw new SceneException("run " + process.name() + " failed: " + process.logTail());
      }
      return process.log();
    }

    @Override
    public void close() {
      // each run awaits its process; the client's cgroup kills one that a signal cut off
    }
  }
}
