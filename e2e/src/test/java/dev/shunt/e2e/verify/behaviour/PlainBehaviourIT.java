package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The suite checked against itself: on plain TCP a case is right and repeats its observations. */
class PlainBehaviourIT {
  private static final List<PeerVariant> VARIANTS =
      PeerVariant.parseList(
          System.getProperty("shunt.behaviour.plainVariants", "v4/nonblock/loopback"));

  private static PeerProgram program;
  private static PeerBed bed;

  @BeforeAll
  static void makeBed() {
    program = PeerProgram.build();
    bed = PeerBed.make("peers");
  }

  @AfterAll
  static void removeBed() {
    if (bed != null) {
      bed.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> case_plainTwice_sameObservations() {
    PeerRun runs = new PeerRun(program, bed);
    return VARIANTS.stream()
        .flatMap(
            variant ->
                program.comparedCases().stream()
                    .map(
                        each ->
                            DynamicTest.dynamicTest(
                                each.name() + " " + variant,
                                () -> runTwice(runs, each.name(), variant))));
  }

  private static void runTwice(PeerRun runs, String caseName, PeerVariant variant) {
    Observations first = runs.run(caseName, variant, List.of());
    Observations second = runs.run(caseName, variant, List.of());

    assertThat(first.ok()).as(first.detail()).isTrue();
    assertThat(first.observations()).isNotEmpty();
    assertThat(second.differencesTo(first)).isEmpty();
  }
}
