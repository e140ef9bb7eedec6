package dev.shunt.observe;

import static dev.shunt.observe.Samples.connection;
import static dev.shunt.observe.Samples.facts;
import static dev.shunt.observe.Samples.paired;
import static dev.shunt.observe.Samples.progress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.Explanation.ExplainedStep;
import dev.shunt.observe.Explanation.StepStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainerTest {
  private static final String CLIENT = "127.0.0.1:40000";
  private static final String SERVER = "127.0.0.1:80";

  @ParameterizedTest
  @EnumSource(value = Reason.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void explain_everyReasonAtEveryStep_stepsAndSummaryAgree(Reason reason) {
    for (Step step : Step.values()) {
      Explanation.Found found = explain(progress(step, reason), facts());

      assertThat(found.summary()).as("%s", step).matches("[A-Z].*\\.").doesNotContain("  ");
      assertThat(found.steps()).extracting(ExplainedStep::step).startsWith(Step.UNPAIRED);
      assertThat(found.steps()).allSatisfy(s -> assertThat(s.text()).matches("[A-Z].*\\."));
      if (step != Step.JOINED) {
        assertThat(found.steps()).extracting(ExplainedStep::reason).contains(reason);
      }
    }
  }

  @Test
  void explain_tooYoung_saysHowManyTurnsAreMissing() {
    Explanation.Found found = explain(progress(Step.PAIRED, Reason.TOO_YOUNG), facts());

    assertThat(found.summary()).contains("1 of the 2 request/response turns");
    ExplainedStep adopted = found.steps().get(3);
    assertThat(adopted.step()).isEqualTo(Step.ADOPTED);
    assertThat(adopted.status()).isEqualTo(StepStatus.NOT_REACHED);
    assertThat(adopted.reason()).isEqualTo(Reason.TOO_YOUNG);
    assertThat(found.steps().get(4).reason()).isEqualTo(Reason.NONE);
  }

  @Test
  void explain_accelerated_allFiveStepsReachedAndNoReason() {
    Explanation.Found found = explain(progress(Step.JOINED, Reason.NONE), facts());

    assertThat(found.steps())
        .hasSize(5)
        .allMatch(s -> s.status() == StepStatus.REACHED && s.reason() == Reason.NONE);
    assertThat(found.summary()).startsWith("Accelerated: 40 messages (4000 bytes) redirected");
  }

  @Test
  void explain_acceleratedButLastMessageByTcp_saysWhy() {
    Progress progress =
        new Progress(Side.ACTIVE, Step.JOINED, Reason.NONE, Reason.BACK_PRESSURE, 0, 3);

    assertThat(explain(progress, facts()).summary())
        .startsWith("Accelerated")
        .contains("Its last message by TCP: The receiver's queue is at its bound");
  }

  @Test
  void explain_left_showsLeavingWithItsReason() {
    Explanation.Found found = explain(progress(Step.LEFT, Reason.BLOCKING_READER), facts());

    assertThat(found.steps()).extracting(ExplainedStep::step).containsExactly(Step.values());
    assertThat(found.steps().get(5).reason()).isEqualTo(Reason.BLOCKING_READER);
    assertThat(found.summary()).startsWith("Plain TCP again");
  }

  @Test
  void explain_hostOverride_namesTheCommandThatUndoesIt() {
    PolicyFacts off =
        new PolicyFacts(
            new ModeStatus(Mode.OFF, Mode.OFF),
            facts().endpoint(),
            facts().namespace(),
            facts().selfTest(),
            2);

    assertThat(explain(progress(Step.UNPAIRED, Reason.POLICY_OFF), off).summary())
        .contains("'shunt mode' set the host to off.")
        .contains("shunt mode policy");
  }

  @Test
  void explain_endpointPolicy_namesThePolicy() {
    PolicyFacts observe =
        new PolicyFacts(
            facts().hostMode(),
            new EndpointStatus(2, "db", Mode.OBSERVE, "databases"),
            facts().namespace(),
            facts().selfTest(),
            2);

    assertThat(explain(progress(Step.PAIRED, Reason.OBSERVE_MODE), observe).summary())
        .contains("Policy 'databases' sets endpoint 'db' to observe.");
  }

  @Test
  void explain_peerNotSuitable_givesTheReasonOfThePeer() {
    InMemoryNode node = new InMemoryNode();
    node.setConnections(
        List.of(
            paired(
                connection(1, CLIENT, SERVER, progress(Step.PAIRED, Reason.PEER_NOT_SUITABLE)), 2),
            paired(
                connection(2, SERVER, CLIENT, progress(Step.PAIRED, Reason.BLOCKING_READER)), 1)));

    Explanation.Found found = (Explanation.Found) node.explain(ConnectionQuery.parse(CLIENT));

    assertThat(found.peer()).isPresent();
    assertThat(found.summary())
        .contains("the other one (127.0.0.1:80) does not")
        .contains("blocking mode")
        .contains("O_NONBLOCK");
  }

  @Test
  void explain_kernelRefused_namesTheErrno() {
    Progress busy = new Progress(Side.PASSIVE, Step.PAIRED, Reason.BUSY, Reason.NONE, 16, 3);

    assertThat(explain(busy, facts()).summary()).contains("EBUSY/16");
  }

  @Test
  void explain_addressOfBothEnds_prefersTheLocalOne() {
    InMemoryNode node = pair();

    Explanation.Found found =
        (Explanation.Found) node.explain(ConnectionQuery.parse("127.0.0.1:80"));

    assertThat(found.connection().socket().cookie()).isEqualTo(2);
  }

  @Test
  void explain_listenerPortOfTwoConnections_ambiguous() {
    InMemoryNode node = new InMemoryNode();
    Progress joined = progress(Step.JOINED, Reason.NONE);
    node.setConnections(
        List.of(
            connection(2, SERVER, CLIENT, joined), connection(3, SERVER, "127.0.0.1:4", joined)));

    Explanation answer = node.explain(ConnectionQuery.parse(SERVER));

    assertThat(((Explanation.Ambiguous) answer).candidates()).hasSize(2);
  }

  @Test
  void explain_cookieAndPair_findOneEnd() {
    InMemoryNode node = pair();

    assertThat(found(node, "1").socket().local()).isEqualTo(Samples.address(CLIENT));
    assertThat(found(node, SERVER + " -> " + CLIENT).socket().cookie()).isEqualTo(2);
    assertThat(node.explain(ConnectionQuery.parse("77"))).isInstanceOf(Explanation.NotFound.class);
  }

  private static ConnectionView found(InMemoryNode node, String query) {
    return ((Explanation.Found) node.explain(ConnectionQuery.parse(query))).connection();
  }

  private static InMemoryNode pair() {
    InMemoryNode node = new InMemoryNode();
    Progress joined = progress(Step.JOINED, Reason.NONE);
    node.setConnections(
        List.of(
            paired(connection(1, CLIENT, SERVER, joined), 2),
            paired(connection(2, SERVER, CLIENT, joined), 1)));
    return node;
  }

  private static Explanation.Found explain(Progress progress, PolicyFacts facts) {
    return Explainer.explain(connection(1, CLIENT, SERVER, progress), Optional.empty(), facts);
  }
}
