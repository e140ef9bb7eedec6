package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.bench.BenchCell;
import dev.shunt.e2e.bench.Variant.Kind;
import dev.shunt.e2e.scene.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which chains are measured. Pure. */
public final class ChainCells {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final Set<Kind> PAIR = Set.of(Kind.PLAIN, Kind.SHUNT);
  private static final Set<Kind> PAIR_AND_OBSERVE = Set.of(Kind.PLAIN, Kind.SHUNT, Kind.OBSERVE);

  private ChainCells() {}

  /** A cross-section that is measured in two minutes. */
  public static List<BenchCell> quick() {
    return List.of(
        cell(ChainProxy.HAPROXY, Wire.HTTP1, KIB, 16),
        cell(ChainProxy.NGINX, Wire.HTTP1, KIB, 16),
        cell(ChainProxy.ENVOY, Wire.HTTP1, KIB, 16),
        cell(ChainProxy.ENVOY, Wire.HTTP2, KIB, 16),
        cell(ChainProxy.ENVOY, Wire.GRPC, KIB, 16));
  }

  /** All of them, in some twenty minutes. */
  public static List<BenchCell> full() {
    List<BenchCell> cells = new ArrayList<>();
    for (ChainProxy proxy : ChainProxy.values()) {
      cells.addAll(connections(proxy, Wire.HTTP1));
      cells.addAll(bodies(proxy, Wire.HTTP1));
      cells.add(new ChainCell(new ChainShape(proxy, Wire.HTTP1, Capture.DIRECT, KIB, 16), PAIR));
    }
    cells.add(cell(ChainProxy.HAPROXY, Wire.HTTP1, 64 * KIB, 1));
    cells.add(cell(ChainProxy.HAPROXY, Wire.HTTP1, 64 * KIB, 256));
    cells.addAll(connections(ChainProxy.HAPROXY, Wire.HTTP2));
    cells.addAll(bodies(ChainProxy.HAPROXY, Wire.HTTP2));
    cells.addAll(connections(ChainProxy.ENVOY, Wire.HTTP2));
    cells.addAll(bodies(ChainProxy.ENVOY, Wire.HTTP2));
    cells.add(cell(ChainProxy.NGINX, Wire.HTTP2, KIB, 16));
    cells.add(cell(ChainProxy.NGINX, Wire.GRPC, KIB, 16));
    cells.add(cell(ChainProxy.HAPROXY, Wire.GRPC, KIB, 16));
    cells.addAll(connections(ChainProxy.ENVOY, Wire.GRPC));
    cells.addAll(bodies(ChainProxy.ENVOY, Wire.GRPC));
    return List.copyOf(cells);
  }

  private static List<BenchCell> connections(ChainProxy proxy, Wire wire) {
    return List.of(
        cell(proxy, wire, KIB, 1), cell(proxy, wire, KIB, 16), cell(proxy, wire, KIB, 256));
  }

  private static List<BenchCell> bodies(ChainProxy proxy, Wire wire) {
    return List.of(cell(proxy, wire, 64 * KIB, 16), cell(proxy, wire, MIB, 16));
  }

  /** Captured as in a mesh; observing is measured where acceleration gains most. */
  private static BenchCell cell(ChainProxy proxy, Wire wire, int bodyBytes, int connections) {
    boolean first = proxy == ChainProxy.HAPROXY && wire == Wire.HTTP1 && bodyBytes == KIB;
    return new ChainCell(
        new ChainShape(proxy, wire, Capture.REDIRECT, bodyBytes, connections),
        first ? PAIR_AND_OBSERVE : PAIR);
  }
}
