package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.trace.JvmPause;
import dev.shunt.observe.trace.PausedTime;
import dev.shunt.observe.trace.TraceEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which requests wait for pauses, for how long, and what becomes of them at the end. */
class PausedRequestsTest {
  private static final String POD = "shop/cart";
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final TraceEvent.Totals SUMS = totals(0);

  private final CollectingSink reader = new CollectingSink();
  private long now;
  private final PausedRequests requests = new PausedRequests(reader, "host", () -> now);

  private static TraceEvent.Totals totals(long lost) {
    return new TraceEvent.Totals("test", 0, lost, 0, 0, "");
  }

  /** From 1000 to the end. */
  private static TraceEvent.Http request(int status, long end) {
    InetSocketAddress port = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
    return new TraceEvent.Http(
        Instant.EPOCH,
        new TraceEvent.Subject(
            port, port, new TraceEvent.Place(POD, "", ""), new TraceEvent.Actor(1, "a")),
        new HttpExchange(
            HttpExchange.Side.SERVER,
            HttpExchange.Protocol.HTTP_1_1,
            new HttpExchange.Request("GET", "/", Optional.empty()),
            new HttpExchange.Answer(status, OptionalInt.empty(), Optional.empty()),
            new HttpExchange.Timing(1000, 1100, end),
            new HttpExchange.Size(0, 0),
            false));
  }

  private void known(long until, JvmPause... ended) {
    requests.pauses().event(new TraceEvent.PausesKnown(until, List.of(ended), List.of()));
  }

  private List<Optional<PausedTime>> told() {
    return reader.all(TraceEvent.Http.class).stream().map(TraceEvent.Http::paused).toList();
  }

  @Test
  void request_waitsUntilPausesAreKnownUpToItsEnd() {
    requests.event(request(200, 2000));
    known(1999, new JvmPause(POD, 7, 1500, 1600));
    assertThat(told()).isEmpty();

    known(2000, new JvmPause(POD, 7, 1900, 1950));
    assertThat(told()).containsExactly(Optional.of(new PausedTime(150, 2)));
  }

  @Test
  void request_whosePausesStayUnknown_isToldAfterASecondWithoutThem() {
    requests.event(request(200, 2000));
    now = SECOND - 1;
    requests.flush();
    assertThat(told()).isEmpty();

    now = SECOND;
    requests.flush();
    assertThat(told()).containsExactly(Optional.empty());
  }

  @Test
  void request_withoutAnAnswer_waitsForNothing() {
    requests.event(request(0, 2000));

    assertThat(told()).containsExactly(Optional.empty());
  }

  @Test
  void order_ofAllThatIsTold_staysAsItWas() {
    requests.event(request(200, 2000));
    requests.event(SUMS);
    requests.event(request(0, 2000));
    assertThat(reader.all(TraceEvent.class)).isEmpty();

    known(2000);
    assertThat(reader.all(TraceEvent.class)).hasSize(3).element(1).isEqualTo(SUMS);
  }

  @Test
  void end_comesAfterThoseThatWait() {
    requests.event(request(200, 2000));
    requests.event(SUMS);
    requests.end();
    assertThat(reader.isEnded()).isFalse();
    assertThat(requests.pauses().hasLeft()).isFalse();

    known(3000);
    assertThat(told()).containsExactly(Optional.of(PausedTime.NONE));
    assertThat(reader.isEnded()).isTrue();
    assertThat(requests.pauses().hasLeft()).as("pauses are of no use any more").isTrue();
  }

  @Test
  void pauses_thatEndFirst_letRequestsGoWithoutThem() {
    requests.event(request(200, 2000));
    requests.pauses().end();
    assertThat(told()).containsExactly(Optional.empty());

    requests.event(request(200, 3000));
    assertThat(told()).hasSize(2);
    assertThat(reader.all(TraceEvent.Notice.class)).hasSize(1);
    requests.end();
    assertThat(reader.isEnded()).isTrue();
  }

  @Test
  void pauses_ofAReaderWhoHasLeft_areNotAskedForAnyMore() {
    requests.event(request(200, 2000));
    reader.leave();
    assertThat(requests.pauses().hasLeft()).isTrue();

    requests.end();
    assertThat(told()).isEmpty();
    assertThat(reader.isEnded()).isTrue();
  }

  @Test
  void pauses_ofATraceThatNeverBegan_areNotAskedForAnyMore() {
    requests.abandon();

    assertThat(requests.pauses().hasLeft()).isTrue();
    assertThat(reader.isEnded()).isFalse();
  }

  /** Of what the module lost before this reader came, it knows nothing. */
  @Test
  void pauses_thatWereLost_areCounted() {
    requests.pauses().event(totals(5));
    requests.pauses().event(totals(5));
    assertThat(reader.all(TraceEvent.Notice.class)).isEmpty();

    requests.pauses().event(totals(7));
    assertThat(reader.all(TraceEvent.Notice.class))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).startsWith("2 pauses"));
  }
}
