package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CaseJudgementTest {
  private static final String VARIANT = "v4/nonblock/loopback";
  private static final Observations TCP = Observations.of(Map.of("recv", "EAGAIN"));
  private static final Observations OTHER = Observations.of(Map.of("recv", "0"));
  private static final HostStats REDIRECTED = new HostStats(12, 0, Map.of(), Map.of());
  private static final HostStats BLOCKING =
      new HostStats(0, 0, Map.of("blocking_reader", 1L, "peer_not_suitable", 1L), Map.of());

  private record Sample(Expectation expected) implements BehaviourCase {
    @Override
    public String name() {
      return "sample";
    }

    @Override
    public String summary() {
      return "a case";
    }

    @Override
    public List<String> variants() {
      return List.of(VARIANT);
    }

    @Override
    public Expectation expectation(String variant) {
      return expected;
    }

    @Override
    public Observations observe(String variant, CaseStage stage) {
      return TCP;
    }

    @Override
    public Optional<String> deviation(List<String> differences) {
      return differences.equals(List.of("recv: EAGAIN / 0"))
          ? Optional.of("known")
          : Optional.empty();
    }
  }

  private static CaseRow row(Expectation expected, Observations accelerated, HostStats during) {
    return new CaseJudgement(new Sample(expected), VARIANT).row(TCP, accelerated, during);
  }

  @Test
  void row_sameAndRedirected_equal() {
    assertThat(row(Expectation.REDIRECTED, TCP, REDIRECTED).verdict()).isEqualTo(Verdict.EQUAL);
  }

  @Test
  void row_sameOnTcp_keptWithTheNodesReason() {
    CaseRow row = row(Expectation.ON_TCP, TCP, BLOCKING);

    assertThat(row.verdict()).isEqualTo(Verdict.KEPT_ON_TCP);
    assertThat(row.reason()).isEqualTo("blocking_reader");
  }

  @Test
  void row_stoodAside_different() {
    CaseRow row = row(Expectation.REDIRECTED, TCP, BLOCKING);

    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(row.reason()).isEqualTo("nothing was redirected: blocking_reader");
  }

  @Test
  void row_redirectedWhereItMustNot_different() {
    assertThat(row(Expectation.ON_TCP, TCP, REDIRECTED).verdict()).isEqualTo(Verdict.DIFFERENT);
  }

  @Test
  void row_onTcpWithoutReason_different() {
    HostStats nothing = new HostStats(0, 0, Map.of(), Map.of());

    assertThat(row(Expectation.EITHER, TCP, nothing).verdict()).isEqualTo(Verdict.DIFFERENT);
  }

  @Test
  void row_knownDifference_deviationThatSaysWhy() {
    CaseRow row = row(Expectation.REDIRECTED, OTHER, REDIRECTED);

    assertThat(row.verdict()).isEqualTo(Verdict.DEVIATION);
    assertThat(row.reason()).isEqualTo("known");
  }

  @Test
  void row_unknownDifference_different() {
    Observations unknown = Observations.of(Map.of("recv", "EPIPE"));

    assertThat(row(Expectation.REDIRECTED, unknown, REDIRECTED).verdict())
        .isEqualTo(Verdict.DIFFERENT);
  }

  @Test
  void row_wrongByItself_different() {
    Observations wrong = Observations.wrong(Map.of("recv", "EAGAIN"), "no order");

    assertThat(row(Expectation.REDIRECTED, wrong, REDIRECTED).verdict())
        .isEqualTo(Verdict.DIFFERENT);
    assertThat(
            new CaseJudgement(new Sample(Expectation.REDIRECTED), VARIANT)
                .row(wrong, TCP, REDIRECTED)
                .reason())
        .isEqualTo("wrong on plain TCP: no order");
  }
}
