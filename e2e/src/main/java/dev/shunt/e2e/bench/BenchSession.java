package dev.shunt.e2e.bench;

import dev.shunt.cli.VersionCommand;
import dev.shunt.e2e.bench.chain.ChainCells;
import dev.shunt.e2e.bench.socket.SocketStage;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One benchmark from set-up to teardown. One thread calls {@link #measure}, once; {@link #abort}
 * from a shutdown hook.
 */
final class BenchSession {
  private static final long ABORT_SECONDS = 30;

  private final BenchOptions options;
  private final BenchProgress progress;
  private final SocketStage stage;
  private final BenchRunner runner;
  private final CountDownLatch finished = new CountDownLatch(1);

  /**
   * Prepares a session; nothing is made yet.
   *
   * @throws IllegalArgumentException no cell was chosen
   */
  BenchSession(BenchOptions options, BenchProgress progress) {
    this.options = options;
    this.progress = progress;
    stage = new SocketStage(options.comparisons());
    BenchOptions.Extent extent = options.extent();
    runner =
        new BenchRunner(extent.plan(options.choose(cells(stage))), options.variants(), progress);
  }

  private List<BenchCell> cells(SocketStage places) {
    boolean quick = options.extent() == BenchOptions.Extent.QUICK;
    return Stream.concat(
            (quick ? SocketCells.quick(places) : SocketCells.full(places)).stream(),
            (quick ? ChainCells.quick() : ChainCells.full()).stream())
        .toList();
  }

  /**
   * Measures, judges and removes everything.
   *
   * @param command line that was given
   * @throws SceneException any part of it failed, the removal included
   */
  BenchReport measure(String command) {
    SceneRequirements.check();
    SceneSweep.removeLeftovers()
        .forEach(left -> progress.phase("removed leftover of an earlier run: " + left));
    Machine machine = Machine.here(VersionCommand.version());
    try (SocketStage places = stage) {
      progress.phase(options.choose(cells(places)).size() + " cells");
      List<CellResult> results = runner.run();
      progress.phase("removing the scene");
      return new BenchReport(machine, command, results, Goals.judge(results));
    } finally {
      finished.countDown();
    }
  }

  /** Ends {@link #measure}, which runs on another thread, and waits until all is removed. */
  void abort() {
    runner.abort();
    try {
      stage.close();
    } catch (SceneException e) {
      progress.failure(e);
    }
    try {
      finished.await(ABORT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
