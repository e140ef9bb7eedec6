package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Teardown;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each case of the C peers, plain and accelerated, in one of its variants, and some in a second one
 * with sockets that block: together they take every variant. {@code shunt verify behaviour} runs
 * each case in all of them.
 */
class AcceleratedBehaviourIT {
  /** Every so many cases one runs with blocking sockets as well. */
  private static final int BLOCKING_PERIOD = 8;

  private static final List<String> ACCELERATED = variants(PeerVariant.Mode.NONBLOCK);
  private static final List<String> BLOCKING = variants(PeerVariant.Mode.BLOCK);
  private static final Teardown TEARDOWN = new Teardown();

  private static BehaviourStage stage;

  @BeforeAll
  static void openStage() {
    stage = BehaviourStage.open(TEARDOWN);
  }

  @AfterAll
  static void closeStage() {
    TEARDOWN.close();
  }

  private static List<String> variants(PeerVariant.Mode mode) {
    return PeerBehaviour.COVERING.stream()
        .filter(variant -> variant.mode() == mode)
        .map(PeerVariant::toString)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> case_accelerated_observesWhatPlainTcpShows() {
    List<DynamicTest> tests = new ArrayList<>();
    int index = 0;
    for (BehaviourCase each : new PeerCases().cases(stage.directory())) {
      tests.add(test(each, ACCELERATED.get(index % ACCELERATED.size())));
      if (index % BLOCKING_PERIOD == 0) {
        tests.add(test(each, BLOCKING.get(index / BLOCKING_PERIOD % BLOCKING.size())));
      }
      index++;
    }
    return tests.stream();
  }

  private static DynamicTest test(BehaviourCase each, String variant) {
    return DynamicTest.dynamicTest(each.name() + " " + variant, () -> compare(each, variant));
  }

  private static void compare(BehaviourCase each, String variant) {
    CaseRow row = stage.compare(each, variant);

    assertThat(row.verdict()).as(BehaviourReport.details(row)).isNotEqualTo(Verdict.DIFFERENT);
  }
}
