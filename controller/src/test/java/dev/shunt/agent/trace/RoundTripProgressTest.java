package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.agent.trace.RedirectedTraffic.End;
import dev.shunt.agent.trace.RedirectedTraffic.Pair;
import dev.shunt.agent.trace.RoundTripProgress.Told;
import dev.shunt.observe.trace.TraceEvent.Histogram;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a reader of round trips is told counts once, and is let go when it is over. */
class RoundTripProgressTest {
  private static final TraceQuery QUERY =
      new TraceQuery(
          TraceModule.RTT,
          new TraceQuery.Filter(0, 0, "", ""),
          Duration.ZERO,
          Duration.ofSeconds(10));
  private static final int CAPACITY = 100;
  private static final int HALF = 50;
  private static final int CROWD = 51;
  private static final long NETNS = 7;
  private static final Pair PAIR = pair(NETNS);

  private final List<End> ends = new ArrayList<>();
  private final Set<Long> watched = new HashSet<>(Set.of(NETNS));
  private final RedirectedTraffic traffic = this::show;
  private final TraceTarget target = TraceTarget.toChoose(QUERY, TestNames.NONE);
  private final RoundTripProgress standing = progress(target);

  private static Pair pair(long netnsCookie) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new Pair(netnsCookie, 1, loopback, loopback);
  }

  private static RoundTripProgress progress(TraceTarget target) {
    return new RoundTripProgress(target, end -> target.covers(end.pair().netnsCookie()));
  }

  private static Histogram samples(long count) {
    return new Histogram(count, count, 1, 1, List.of(count));
  }

  private Set<Long> show(Consumer<End> consumer) {
    ends.stream().filter(end -> watched.contains(end.pair().netnsCookie())).forEach(consumer);
    return Set.copyOf(watched);
  }

  /** So many messages of 10 bytes since the connection began. */
  private void sent(long cookie, long messages) {
    ends.removeIf(end -> end.cookie() == cookie);
    ends.add(new End(cookie, PAIR, 80, 4000, new Redirected(messages, 10 * messages)));
  }

  /** A telling of what went past TCP, with no row in the kernel. */
  private List<Told> tellRedirected() {
    standing.look(traffic);
    standing.nextTelling(0, CAPACITY);
    return standing.told();
  }

  @Test
  void connections_fromBeforeTheChoice_countFromTheBeginningOfTheTrace() {
    sent(1, 1000);
    standing.begin(traffic);
    target.choose(Set.of(NETNS));
    sent(1, 1003);
    sent(2, 4);

    assertThat(tellRedirected())
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.pair()).isEqualTo(PAIR);
              assertThat(told.histogram()).isEqualTo(Histogram.EMPTY);
              assertThat(told.redirected()).isEqualTo(new Redirected(7, 70));
            });
  }

  @Test
  void namespace_chosenAgain_countsWhatCameSince() {
    standing.begin(traffic);
    target.choose(Set.of(NETNS));
    sent(1, 10);
    long first = tellRedirected().get(0).row();
    target.choose(Set.of());
    sent(1, 20);
    assertThat(tellRedirected()).isEmpty();
    target.choose(Set.of(NETNS));
    sent(1, 22);

    assertThat(tellRedirected())
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.redirected()).isEqualTo(new Redirected(2, 20));
              assertThat(told.row()).isNotEqualTo(first);
            });
  }

  /** A start opens only some of the pods at once, and those that come later have been there. */
  @Test
  void namespace_thatIsWatchedLater_countsWhatCameSince() {
    watched.clear();
    sent(1, 1000);
    standing.begin(traffic);
    target.choose(Set.of(NETNS));
    assertThat(tellRedirected()).isEmpty();
    watched.add(NETNS);
    assertThat(tellRedirected()).as("its history").isEmpty();
    sent(1, 1003);
    sent(2, 4);

    assertThat(tellRedirected())
        .singleElement()
        .satisfies(told -> assertThat(told.redirected()).isEqualTo(new Redirected(7, 70)));
  }

  @Test
  void namespace_thatOneLookMissed_losesNothingOfWhatWasKnown() {
    sent(1, 1000);
    standing.begin(traffic);
    target.choose(Set.of(NETNS));
    watched.clear();
    sent(1, 1003);
    assertThat(tellRedirected()).isEmpty();
    watched.add(NETNS);
    sent(2, 500);

    assertThat(tellRedirected())
        .singleElement()
        .satisfies(told -> assertThat(told.redirected()).isEqualTo(new Redirected(3, 30)));
  }

  @Test
  void namespace_thatWasNotWatchedForLong_countsWhatCameSince() {
    sent(1, 1000);
    standing.begin(traffic);
    target.choose(Set.of(NETNS));
    watched.clear();
    assertThat(tellRedirected()).isEmpty();
    assertThat(tellRedirected()).isEmpty();
    watched.add(NETNS);
    sent(1, 2000);
    assertThat(tellRedirected()).as("its history").isEmpty();
    sent(1, 2001);

    assertThat(tellRedirected())
        .singleElement()
        .satisfies(told -> assertThat(told.redirected()).isEqualTo(new Redirected(1, 10)));
  }

  @Test
  void row_ofANamespaceThatIsNotChosenAnyMore_isDeletedAndBeginsAnew() {
    target.choose(Set.of(NETNS));
    standing.nextTelling(1, CAPACITY);
    assertThat(standing.takes(PAIR, samples(5))).isTrue();
    assertThat(standing.takes(pair(8), samples(5))).as("never chosen").isFalse();
    long first = standing.told().get(0).row();

    target.choose(Set.of());
    standing.nextTelling(1, CAPACITY);
    assertThat(standing.takes(PAIR, samples(6))).isFalse();
    assertThat(standing.told()).isEmpty();

    target.choose(Set.of(NETNS));
    standing.nextTelling(1, CAPACITY);
    assertThat(standing.takes(PAIR, samples(9))).isTrue();
    assertThat(standing.told()).singleElement().matches(told -> told.row() != first);
  }

  /** Its samples would be new under another number. */
  @Test
  void row_thatTheWalkMissed_keepsItsNumber() {
    target.choose(Set.of(NETNS));
    standing.nextTelling(1, CAPACITY);
    assertThat(standing.takes(PAIR, samples(5))).isTrue();
    long first = standing.told().get(0).row();
    standing.nextTelling(1, CAPACITY);
    assertThat(standing.told()).isEmpty();
    standing.nextTelling(1, CAPACITY);
    assertThat(standing.takes(PAIR, samples(5))).isTrue();

    assertThat(standing.told()).singleElement().matches(told -> told.row() == first);
  }

  /** The last of so many tellings after that of its last change. */
  private static boolean takesAfterIdleness(RoundTripProgress progress, int entries) {
    boolean taken = true;
    for (int telling = 0; telling <= RoundTripProgress.OLD_TELLINGS; telling++) {
      assertThat(taken).as("telling %d", telling).isTrue();
      progress.nextTelling(entries, CAPACITY);
      taken = progress.takes(PAIR, samples(5));
      assertThat(progress.told()).hasSize(taken ? 1 : 0);
    }
    return taken;
  }

  @Test
  void row_withoutChange_leavesAMapThatIsMoreThanHalfFull() {
    target.choose(Set.of(NETNS));
    assertThat(takesAfterIdleness(standing, HALF)).isTrue();
    standing.nextTelling(CROWD, CAPACITY);
    assertThat(standing.takes(PAIR, samples(6))).as("it has changed").isTrue();
    assertThat(takesAfterIdleness(progress(target), CROWD)).isFalse();
  }

  /** It shows sums since its beginning. */
  @Test
  void row_ofAReaderThatDoesNotChoose_stays() {
    RoundTripProgress bounded = progress(TraceTarget.find(QUERY, TestNames.NONE));
    assertThat(takesAfterIdleness(bounded, CROWD)).isTrue();
  }
}
