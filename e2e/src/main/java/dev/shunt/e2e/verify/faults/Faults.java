package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.Observations;
import dev.shunt.e2e.verify.behaviour.PeerProgram;
import java.util.List;
import java.util.stream.Stream;

/** All faults, and how one is run. Stateless. */
final class Faults {
  private Faults() {}

  static List<Fault> all() {
    return Stream.of(
            NodeFaults.all(),
            FileFaults.all(),
            ApiFaults.all(),
            NeighbourFaults.all(),
            HostFaults.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Runs one on a stage of its own.
   *
   * @param teardown closes the stage should the run be cut off
   */
  static FaultRow run(Fault fault, PeerProgram program, Teardown teardown) {
    try (FaultStage stage = teardown.add(FaultStage.open(program))) {
      Fault.Outcome outcome = fault.strike().on(stage);
      Observations seen = stage.endLoad();
      return row(fault, outcome, seen);
    } catch (SceneException e) {
      return new FaultRow(
          fault, String.valueOf(e.getMessage()), new Fault.Outcome("", 0), FaultRow.Load.NONE);
    }
  }

  private static FaultRow row(Fault fault, Fault.Outcome outcome, Observations seen) {
    FaultRow.Load load =
        new FaultRow.Load(
            seen.timing().getOrDefault("bytes", 0L),
            Long.parseLong(seen.observations().getOrDefault("mismatches", "-1")),
            Long.parseLong(seen.observations().getOrDefault("errors", "-1")),
            seen.timing().getOrDefault("longest_gap_us", 0L) / 1000);
    return new FaultRow(fault, failure(load, seen), outcome, load);
  }

  private static String failure(FaultRow.Load load, Observations seen) {
    if (!seen.detail().isEmpty()) {
      return seen.detail();
    }
    if (load.bytes() == 0) {
      return "the load carried nothing";
    }
    return load.mismatches() == 0 && load.errors() == 0
        ? ""
        : load.mismatches() + " mismatches, " + load.errors() + " connections with an error";
  }
}
