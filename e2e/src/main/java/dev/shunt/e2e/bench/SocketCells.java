package dev.shunt.e2e.bench;

import dev.shunt.e2e.bench.socket.LoadPath;
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
  private static final int[] WRITE_SIZES = {KIB, 4 * KIB, 16 * KIB, 64 * KIB, MIB};
  private static final int[] CONNECTIONS = {16, 256, 2000};

  /** A pace that plain TCP keeps with ease, and one at which it has little left. */
  private static final int[] RATES = {5_000, 20_000};

  private SocketCells() {}

  /** A cross-section that is measured in two minutes. */
  static List<BenchCell> quick(SocketStage stage) {
    List<LoadPlan> plans = new ArrayList<>();
    plans.add(pingpong(64, 1, LoadPath.LOOPBACK));
    plans.add(pingpong(4 * KIB, 1, LoadPath.LOOPBACK));
    plans.add(pingpong(64 * KIB, 1, LoadPath.LOOPBACK));
    plans.add(pingpong(KIB, 16, LoadPath.LOOPBACK));
    plans.add(pingpong(KIB, 256, LoadPath.LOOPBACK));
    plans.add(new LoadPlan(LoadShape.PINGPONG, KIB, 16, LoadPath.LOOPBACK, RATES[0]));
    plans.add(pingpong(KIB, 1, LoadPath.POD_TO_POD));
    plans.add(pingpong(KIB, 16, LoadPath.REDIRECT));
    plans.add(new LoadPlan(LoadShape.STREAM, KIB, 1, LoadPath.LOOPBACK));
    plans.add(new LoadPlan(LoadShape.STREAM, 64 * KIB, 1, LoadPath.LOOPBACK));
    plans.add(new LoadPlan(LoadShape.CONNECT, 64, 1, LoadPath.LOOPBACK));
    return cells(plans, stage);
  }

  /** All of them. */
  static List<BenchCell> full(SocketStage stage) {
    List<LoadPlan> plans = new ArrayList<>();
    for (int size : MESSAGE_SIZES) {
      plans.add(pingpong(size, 1, LoadPath.LOOPBACK));
    }
    for (int connections : CONNECTIONS) {
      plans.add(pingpong(KIB, connections, LoadPath.LOOPBACK));
    }
    plans.add(pingpong(64 * KIB, 16, LoadPath.LOOPBACK));
    for (int rate : RATES) {
      plans.add(new LoadPlan(LoadShape.PINGPONG, KIB, 16, LoadPath.LOOPBACK, rate));
    }
    for (LoadPath path : List.of(LoadPath.POD_TO_POD, LoadPath.REDIRECT)) {
      plans.add(pingpong(KIB, 1, path));
      plans.add(pingpong(KIB, 16, path));
      plans.add(new LoadPlan(LoadShape.STREAM, 64 * KIB, 1, path));
    }
    for (int size : WRITE_SIZES) {
      plans.add(new LoadPlan(LoadShape.STREAM, size, 1, LoadPath.LOOPBACK));
    }
    plans.add(new LoadPlan(LoadShape.STREAM, 64 * KIB, 16, LoadPath.LOOPBACK));
    plans.add(new LoadPlan(LoadShape.CONNECT, 64, 1, LoadPath.LOOPBACK));
    plans.add(new LoadPlan(LoadShape.CONNECT, 64, 16, LoadPath.LOOPBACK));
    return cells(plans, stage);
  }

  private static LoadPlan pingpong(int bytes, int connections, LoadPath path) {
    return new LoadPlan(LoadShape.PINGPONG, bytes, connections, path);
  }

  private static List<BenchCell> cells(List<LoadPlan> plans, SocketStage stage) {
    return plans.stream().<BenchCell>map(plan -> new SocketCell(plan, stage)).toList();
  }
}
