package dev.shunt.e2e.bench.filters;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import java.util.function.Consumer;

/** One benchmark. One thread. */
final class FilterBenchSession {
  private final Teardown teardown;
  private final Consumer<String> progress;

  /**
   * Makes nothing yet.
   *
   * @param teardown gets all that is made
   * @param progress told how far it is
   */
  FilterBenchSession(Teardown teardown, Consumer<String> progress) {
    this.teardown = teardown;
    this.progress = progress;
  }

  /**
   * Measures everything.
   *
   * @throws dev.shunt.e2e.scene.SceneException when it cannot go on; also when torn down meanwhile
   */
  FilterBenchReport measure(int rounds) {
    SceneRequirements.check();
    FilterDatapath datapath = teardown.add(FilterDatapath.load(new Libbpf()));
    String name = SceneName.fresh("filters").toString();
    SceneDirectory directory = teardown.add(SceneDirectory.create(name));
    TrafficLanes lanes = teardown.add(TrafficLanes.open(datapath, name));
    TrafficReport traffic =
        new TrafficReport(new TrafficBench(lanes, directory.path()).run(rounds, progress));
    return new FilterBenchReport(new FilterBench(datapath).run(rounds, progress), traffic);
  }
}
