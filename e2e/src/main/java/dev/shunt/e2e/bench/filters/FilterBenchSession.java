package dev.shunt.e2e.bench.filters;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.Teardown;
import java.util.function.Consumer;

/** One benchmark. One thread measures; {@link #close} also from a shutdown hook. */
final class FilterBenchSession implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final Consumer<String> progress;

  FilterBenchSession(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Measures everything.
   *
   * @throws dev.shunt.e2e.scene.SceneException when it cannot go on; also when closed meanwhile
   */
  FilterBenchReport measure(int rounds) {
    SceneRequirements.check();
    SceneSweep.removeLeftovers()
        .forEach(left -> progress.accept("removed leftover of an earlier run: " + left));
    FilterDatapath datapath = teardown.add(FilterDatapath.load(new Libbpf()));
    String name = SceneName.fresh("filters").toString();
    SceneDirectory directory = teardown.add(SceneDirectory.create(name));
    TrafficLanes lanes = teardown.add(TrafficLanes.open(datapath, name));
    TrafficReport traffic =
        new TrafficReport(new TrafficBench(lanes, directory.path()).run(rounds, progress));
    return new FilterBenchReport(new FilterBench(datapath).run(rounds, progress), traffic);
  }

  boolean isClosed() {
    return teardown.isClosed();
  }

  @Override
  public void close() {
    teardown.close();
  }
}
