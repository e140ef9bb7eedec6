package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.Observations;
import java.util.List;
import java.util.stream.Stream;

/** All faults, and how one is run. Stateless. */
final class Faults {
  private Faults() {}

  static List<Fault> all() {
    return Stream.of(
            NodeFaults.all(),
            RevocationFault.all(),
            UpgradeFaults.all(),
            FileFaults.all(),
            ApiFaults.all(),
            NeighbourFaults.all(),
            HostFaults.all(),
            ResourceFaults.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Runs one on a stage of its own.
   *
   * @param teardown closes the stage should the run be cut off
   */
  static FaultRow run(Fault fault, FaultBuilds builds, Teardown teardown) {
    try (FaultStage stage = teardown.add(FaultStage.open(builds))) {
      Fault.Outcome outcome = fault.strike().on(stage);
      stage.endLoads();
      return row(fault, outcome, stage.seen());
    } catch (SceneException e) {
      return new FaultRow(
          fault, String.valueOf(e.getMessage()), new Fault.Outcome("", 0), FaultRow.Load.NONE);
    }
  }

  private static FaultRow row(Fault fault, Fault.Outcome outcome, List<Observations> seen) {
    FaultRow.Load load =
        seen.stream().map(Faults::load).reduce(FaultRow.Load.NONE, FaultRow.Load::plus);
    return new FaultRow(fault, failure(load, seen), outcome, load);
  }

  private static FaultRow.Load load(Observations seen) {
    return new FaultRow.Load(
        seen.timing().getOrDefault("bytes", 0L),
        Long.parseLong(seen.observations().getOrDefault("mismatches", "1")),
        Long.parseLong(seen.observations().getOrDefault("errors", "1")),
        seen.timing().getOrDefault("longest_gap_us", 0L) / 1000);
  }

  private static String failure(FaultRow.Load load, List<Observations> seen) {
    for (Observations each : seen) {
      if (!each.detail().isEmpty()) {
        return each.detail();
      }
    }
    if (load.bytes() == 0) {
      return "the load carried nothing";
    }
    return load.mismatches() == 0 && load.errors() == 0
        ? ""
        : load.mismatches() + " mismatches, " + load.errors() + " connections with an error";
  }
}
