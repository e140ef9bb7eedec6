package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.scene.H2Load;
import dev.shunt.e2e.scene.H2LoadResult;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.WrkLoad;
import dev.shunt.e2e.scene.WrkResult;

/** The load generator of a chain: wrk for small bodies over HTTP/1.1, else h2load. One thread. */
interface ChainLoad extends AutoCloseable {
  /** wrk reads 8 KB at a time, headers included, and asks FIONREAD when it got that much. */
  int WRK_BODY_BYTES = 4096;

  /**
   * Prepares load; nothing runs yet.
   *
   * @param entrance {@code http://address:port}
   */
  static ChainLoad create(Pod pod, ChainShape shape, String entrance) {
    return switch (shape.wire()) {
      case HTTP1 ->
          shape.bodyBytes() <= WRK_BODY_BYTES
              ? new OfWrk(WrkLoad.create(pod, entrance + "/body"))
              : new OfH2Load(H2Load.http1(pod, entrance + "/body"));
      case HTTP2 -> new OfH2Load(H2Load.http2(pod, entrance + "/body"));
      case GRPC -> new OfH2Load(H2Load.grpc(pod, entrance));
    };
  }

  /** Drives the load; see {@link WrkLoad#run} and {@link H2Load#run}. */
  ChainSample run(int connections, int seconds);

  @Override
  void close();

  /** Small bodies over HTTP/1.1. */
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

  /** Everything else. */
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
