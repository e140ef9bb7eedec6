package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.programs.ProgramCases;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Real programs that the kernel tests have anyway, plain and accelerated, over loopback. {@code
 * shunt verify behaviour} runs all programs over all routes.
 */
class ProgramBehaviourIT {
  private static final Set<String> CHOSEN =
      Set.of(
          "nginx_deferred",
          "nginx_upload",
          "haproxy_http",
          "haproxy_tcp_splice",
          "python_blocking",
          "python_asyncio",
          "jvm_blocking",
          "jvm_available",
          "jvm_netty_epoll");

  private static final String LOOPBACK = "loopback";
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

  @TestFactory
  Stream<DynamicTest> program_accelerated_observesWhatPlainTcpShows() {
    List<BehaviourCase> chosen =
        new ProgramCases()
            .cases(stage.directory()).stream()
                .filter(each -> CHOSEN.contains(each.name()))
                .toList();
    assertThat(chosen).hasSameSizeAs(CHOSEN);
    return chosen.stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> compare(each)));
  }

  private static void compare(BehaviourCase each) {
    CaseRow row = stage.compare(each, LOOPBACK);

    assertThat(row.verdict()).as(BehaviourReport.details(row)).isNotEqualTo(Verdict.DIFFERENT);
  }
}
