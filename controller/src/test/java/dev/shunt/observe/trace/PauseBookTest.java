package dev.shunt.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests from 1000 to 2000, and pauses around them. */
class PauseBookTest {
  private static final String POD = "shop/cart";
  private static final String HOST = "host";
  private static final int JVM = 7;
  private static final int SIDECAR = 8;
  private static final long NOW = 10_000;

  private final PauseBook book = new PauseBook(HOST);

  private static JvmPause pause(long begin, long end) {
    return new JvmPause(POD, JVM, begin, end);
  }

  private static TraceEvent.Subject subject(String namespace, int pid) {
    InetSocketAddress end = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
    return new TraceEvent.Subject(
        end, end, new TraceEvent.Place(namespace, "", ""), new TraceEvent.Actor(pid, "a"));
  }

  private void told(JvmPause... ended) {
    book.take(new TraceEvent.PausesKnown(NOW, List.of(ended), List.of()));
  }

  private Optional<PausedTime> request() {
    return book.within(subject(POD, SIDECAR), 1000, 2000);
  }

  @ParameterizedTest
  @CsvSource({
    "500, 900, 0, 0, before",
    "500, 1000, 0, 0, up to its begin",
    "900, 1100, 100, 1, over its begin",
    "1200, 1500, 300, 1, inside",
    "1900, 2500, 100, 1, over its end",
    "2000, 2500, 0, 0, from its end on",
    "500, 2500, 1000, 1, around it",
  })
  void pause_beside_isCountedAsFarAsItOverlaps(
      long begin, long end, long nanos, int pauses, String where) {
    told(pause(begin, end));

    assertThat(request()).as(where).contains(new PausedTime(nanos, pauses));
  }

  @Test
  void collections_ofOnePause_areOne() {
    told(pause(1200, 1300), pause(1200, 1500));

    assertThat(request()).contains(new PausedTime(300, 1));
  }

  @Test
  void pauses_ofTwoJvmsOfThePod_countTheirTimeOnce() {
    told(pause(1200, 1500), new JvmPause(POD, 9, 1400, 1600), pause(1700, 1750));

    assertThat(request()).contains(new PausedTime(450, 3));
  }

  @Test
  void pause_thatGoesOn_countsUpToTheEnd() {
    book.take(new TraceEvent.PausesKnown(2100, List.of(), List.of(pause(1900, Long.MAX_VALUE))));
    assertThat(request()).contains(new PausedTime(100, 1));

    told(pause(1900, 5000));
    assertThat(request()).as("when it has ended").contains(new PausedTime(100, 1));
  }

  /** It was looked at, ended, and its record was read after that look. */
  @Test
  void pause_openAndEnded_isOne() {
    book.take(
        new TraceEvent.PausesKnown(
            2100, List.of(pause(1900, 2050)), List.of(pause(1900, Long.MAX_VALUE))));

    assertThat(request()).contains(new PausedTime(100, 1));
  }

  @Test
  void pauses_notKnownToTheEnd_areNoAnswer() {
    book.take(new TraceEvent.PausesKnown(1999, List.of(pause(1200, 1300)), List.of()));
    assertThat(request()).isEmpty();
    assertThat(book.isKnown(2000)).isFalse();

    book.take(new TraceEvent.PausesKnown(2000, List.of(), List.of()));
    assertThat(request()).contains(new PausedTime(100, 1));
  }

  @Test
  void pause_ofAnotherPod_isLeftOut() {
    told(new JvmPause("shop/db", JVM, 1200, 1300));

    assertThat(request()).contains(PausedTime.NONE);
  }

  @Test
  void pause_inTheNodesOwnNamespace_concernsItsProcessOnly() {
    told(new JvmPause(HOST, JVM, 1200, 1300));

    assertThat(book.within(subject(HOST, JVM), 1000, 2000)).contains(new PausedTime(100, 1));
    assertThat(book.within(subject(HOST, SIDECAR), 1000, 2000)).contains(PausedTime.NONE);
  }

  @Test
  void request_olderThanWhatIsKept_hasNoAnswer() {
    JvmPause[] many =
        IntStream.rangeClosed(0, PauseBook.KEPT_MAX)
            .mapToObj(i -> pause(1500 + 2L * i, 1501 + 2L * i))
            .toArray(JvmPause[]::new);
    told(many);

    assertThat(book.within(subject(POD, JVM), 1000, 2000)).as("the first is gone").isEmpty();
    assertThat(book.within(subject(POD, JVM), 1501, 2001)).contains(new PausedTime(250, 250));
  }
}
