package dev.shunt.e2e.bench;

import dev.shunt.e2e.bench.socket.LoadPath;
import dev.shunt.e2e.bench.socket.LoadPlacement;
import dev.shunt.e2e.bench.socket.LoadPlan;
import dev.shunt.e2e.bench.socket.LoadShape;
import dev.shunt.e2e.bench.socket.SocketCell;
import dev.shunt.e2e.bench.socket.SocketStage;
import java.util.ArrayList;
import java.util.List;

/** Which traffic between two processes is measured. Pure. */
final class SocketCells {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int[] MESSAGE_SIZES = {
    1, 64, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB
  };
  private static final int[] TWO_CPU_SIZES = {KIB, 64 * KIB};
  private static final int[] WRITE_SIZES = {KIB, 4 * KIB, 16 * KIB, 64 * KIB, MIB};
  private static final int[] BATCH_SIZES = {256, 2 * KIB};
  private static final int[] CONNECTIONS = {16, 256, 2000};

  /** A pace that plain TCP keeps with ease, and one at which it has little left. */
  private static final int[] RATES = {5_000, 20_000};

  private SocketCells() {}

  /** A cross-section that is measured in two minutes. */
  static List<BenchCell> quick(SocketStage stage) {
    List<LoadPlan> plans = new ArrayList<>();
    plans.add(pingpong(64, LoadPath.LOOPBACK));
    plans.add(pingpong(4 * KIB, LoadPath.LOOPBACK));
    plans.add(pingpong(64 * KIB, LoadPath.LOOPBACK));
    plans.add(crowd(KIB, 16, LoadPath.LOOPBACK));
    plans.add(crowd(KIB, 256, LoadPath.LOOPBACK));
    plans.add(paced(RATES[0]));
    plans.add(pingpong(KIB, LoadPath.POD_TO_POD));
    plans.add(crowd(KIB, 16, LoadPath.REDIRECT));
    plans.add(stream(KIB, 1, LoadPath.LOOPBACK));
    plans.add(stream(64 * KIB, 1, LoadPath.LOOPBACK));
    plans.add(connect(1));
    return cells(plans, stage);
  }

  /** All of them. */
  static List<BenchCell> full(SocketStage stage) {
    List<LoadPlan> plans = new ArrayList<>();
    for (int size : MESSAGE_SIZES) {
      plans.add(pingpong(size, LoadPath.LOOPBACK));
    }
    for (int size : TWO_CPU_SIZES) {
      plans.add(
          new LoadPlan(LoadShape.PINGPONG, size, 1, LoadPath.LOOPBACK, LoadPlacement.TWO_CPUS));
    }
    for (int connections : CONNECTIONS) {
      plans.add(crowd(KIB, connections, LoadPath.LOOPBACK));
    }
    plans.add(crowd(64 * KIB, 16, LoadPath.LOOPBACK));
    for (int rate : RATES) {
      plans.add(paced(rate));
    }
    for (LoadPath path : List.of(LoadPath.POD_TO_POD, LoadPath.REDIRECT)) {
      plans.add(pingpong(KIB, path));
      plans.add(crowd(KIB, 16, path));
      plans.add(stream(64 * KIB, 1, path));
    }
    for (int size : WRITE_SIZES) {
      plans.add(stream(size, 1, LoadPath.LOOPBACK));
    }
    plans.add(stream(64 * KIB, 16, LoadPath.LOOPBACK));
    plans.add(connect(1));
    plans.add(connect(16));
    for (LoadShape shape : List.of(LoadShape.CORKED, LoadShape.PIECES)) {
      for (int size : BATCH_SIZES) {
        plans.add(new LoadPlan(shape, size, 1, LoadPath.LOOPBACK, LoadPlacement.ONE_CPU));
      }
    }
    return cells(plans, stage);
  }

  private static LoadPlan pingpong(int bytes, LoadPath path) {
    return new LoadPlan(LoadShape.PINGPONG, bytes, 1, path, LoadPlacement.ONE_CPU);
  }

  private static LoadPlan crowd(int bytes, int connections, LoadPath path) {
    return new LoadPlan(LoadShape.PINGPONG, bytes, connections, path, LoadPlacement.FREE);
  }

  private static LoadPlan paced(int rate) {
    return new LoadPlan(LoadShape.PINGPONG, KIB, 16, LoadPath.LOOPBACK, LoadPlacement.FREE, rate);
  }

  private static LoadPlan stream(int bytes, int connections, LoadPath path) {
    return new LoadPlan(LoadShape.STREAM, bytes, connections, path, LoadPlacement.TWO_CPUS);
  }

  private static LoadPlan connect(int connections) {
    return new LoadPlan(
        LoadShape.CONNECT, 64, connections, LoadPath.LOOPBACK, LoadPlacement.ONE_CPU);
  }

  private static List<BenchCell> cells(List<LoadPlan> plans, SocketStage stage) {
    return plans.stream().<BenchCell>map(plan -> new SocketCell(plan, stage)).toList();
  }
}
