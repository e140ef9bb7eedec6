package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.scene.H2Load;
import dev.shunt.e2e.scene.H2LoadResult;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.WrkLoad;
import dev.shunt.e2e.scene.WrkResult;

/**
 * The load generator of a chain: wrk for small bodies over HTTP/1.1, else h2load. One thread drives
 * it; {@link #close} also from a shutdown hook.
 */
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

  /**
   * Drives the load.
   *
   * @param millis length of the run; wrk rounds it up to whole seconds
   * @throws dev.shunt.e2e.scene.SceneException a request failed: such a run measures nothing
   */
  ChainSample run(int connections, int millis);

  @Override
  void close();

  /** Small bodies over HTTP/1.1. */
  record OfWrk(WrkLoad load) implements ChainLoad {
    private static final int SECOND_MILLIS = 1000;

    @Override
    public ChainSample run(int connections, int millis) {
      WrkResult result = load.run(connections, (millis + SECOND_MILLIS - 1) / SECOND_MILLIS);
      return new ChainSample(
          result.requests(),
          result.durationMicros(),
          result.p50Micros(),
          result.p99Micros(),
          result.cdfMicros());
    }

    @Override
    public void close() {
      load.close();
    }
  }

  /** Everything else. */
  record OfH2Load(H2Load load) implements ChainLoad {
    @Override
    public ChainSample run(int connections, int millis) {
      H2LoadResult result = load.run(connections, millis);
      return new ChainSample(
          result.requests(),
          result.durationMicros(),
          result.p50Micros(),
          result.p99Micros(),
          result.cdfMicros());
    }

    @Override
    public void close() {
      load.close();
    }
  }
}
