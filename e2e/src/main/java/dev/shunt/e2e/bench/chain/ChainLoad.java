package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.scene.H2Load;
import dev.shunt.e2e.scene.H2LoadResult;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.Wire;
import dev.shunt.e2e.scene.WrkLoad;
import dev.shunt.e2e.scene.WrkResult;

/** The load generator of a chain: wrk for HTTP/1.1, h2load otherwise. One thread. */
interface ChainLoad extends AutoCloseable {
  /**
   * Prepares load; nothing runs yet.
   *
   * @param entrance {@code http://address:port}
   */
  static ChainLoad create(Pod pod, Wire wire, String entrance) {
    return switch (wire) {
      case HTTP1 -> new OfWrk(WrkLoad.create(pod, entrance + "/body"));
      case HTTP2 -> new OfH2Load(H2Load.http(pod, entrance + "/body"));
      case GRPC -> new OfH2Load(H2Load.grpc(pod, entrance));
    };
  }

  /** Drives the load; see {@link WrkLoad#run} and {@link H2Load#run}. */
  ChainSample run(int connections, int seconds);

  @Override
  void close();

  /** HTTP/1.1. */
  record OfWrk(WrkLoad load) implements ChainLoad {
    @Override
    public ChainSample run(int connections, int seconds) {
      WrkResult result = load.run(connections, seconds);
      return new ChainSample(
          result.requests(), result.durationMicros(), result.p50Micros(), result.p99Micros());
    }

    @Override
    public void close() {
      load.close();
    }
  }

  /** HTTP/2 and gRPC. */
  record OfH2Load(H2Load load) implements ChainLoad {
    @Override
    public ChainSample run(int connections, int seconds) {
      H2LoadResult result = load.run(connections, seconds);
      return new ChainSample(
          result.requests(), result.durationMicros(), result.p50Micros(), result.p99Micros());
    }

    @Override
    public void close() {
      load.close();
    }
  }
}
