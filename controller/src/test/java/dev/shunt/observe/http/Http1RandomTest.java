package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.http.Http1Talk.Truth;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conversations of HTTP/1 by chance, of which parts are missing by chance: what is told is true.
 * Seeds are fixed, so that what fails once fails again.
 */
class Http1RandomTest {
  private static final int RUNS = 20_000;

  /** What is missing. */
  private enum Missing {
    NOTHING,
    ONE_RECORD,
    SOME_RECORDS,
    MANY_RECORDS,
    STRETCH,
    PASSED_OVER,
    NOT_COPIED,
    EVERYTHING
  }

  /** A conversation as it is told, and what comes of it. */
  private static final class Run implements HttpListener {
    final Http1Talk talk;
    final Random random;
    final List<HttpExchange> rows = new ArrayList<>();
    final long[] positions = new long[2];
    int unread;
    long nanos;
    long lostAt = -1;

    // as the programs in the kernel do where there is no room
    boolean skipped;
    boolean unanswered;

    Run(int seed, Missing missing) {
      random = new Random(seed);
      talk =
          new Http1Talk(
              random,
              missing == Missing.PASSED_OVER || missing == Missing.EVERYTHING
                  ? Http1Talk.Answers.AFTER_BODY
                  : Http1Talk.Answers.ANY_TIME);
      tell(missing);
    }

    private void tell(Missing missing) {
      HttpConversation conversation = new HttpConversation(this);
      int from = random.nextInt(talk.pieces.size());
      int one = Math.max(talk.shown, from);
      int to = one + 1 + random.nextInt(6);
      for (int i = 0; i < talk.pieces.size(); i++) {
        Piece piece = talk.pieces.get(i);
        nanos += 1000;
        boolean isLost =
            i >= talk.shown
                && switch (missing) {
                  case ONE_RECORD -> i == one;
                  case SOME_RECORDS, EVERYTHING -> random.nextInt(15) == 0;
                  case MANY_RECORDS -> random.nextInt(3) == 0;
                  case STRETCH -> i >= one && i < to;
                  default -> false;
                };
        boolean isShort = missing == Missing.NOT_COPIED || missing == Missing.EVERYTHING;
        boolean isPassed =
            (missing == Missing.PASSED_OVER || missing == Missing.EVERYTHING)
                && isPassedOver(piece, i);
        lostAt = isLost && !isPassed ? nanos : lostAt;
        if (!isLost && !isPassed) {
          int length = piece.bytes().length;
          boolean isCut = isShort && i >= talk.shown && random.nextInt(6) == 0;
          int copied = isCut ? random.nextInt(length) : length;
          ByteBuffer copy = ByteBuffer.wrap(piece.bytes(), 0, copied).slice();
          conversation.take(
              new Segment(
                  piece.way(), positions[piece.way().number()], length, copy, nanos, false));
        }
        positions[piece.way().number()] += piece.bytes().length;
      }
      conversation.end(Way.RECEIVED, positions[0]);
      conversation.end(Way.SENT, positions[1]);
    }

    private boolean isPassedOver(Piece piece, int number) {
      boolean begins = HttpStart.isUsualRequest(ByteBuffer.wrap(piece.bytes()));
      if (piece.way() == Way.SENT) {
        unanswered = false;
      } else if (begins && !(skipped && unanswered)) {
        skipped = number >= talk.shown && random.nextInt(2) == 0;
        unanswered = skipped;
      }
      return skipped;
    }

    @Override
    public void exchange(HttpExchange exchange) {
      rows.add(exchange);
    }

    @Override
    public void lost() {
      unread++;
    }

    @Override
    public boolean mayBeLost(long sinceNanos) {
      return lostAt >= sinceNanos;
    }

    /** What is not true of the rows. */
    List<String> lies() {
      List<String> lies = new ArrayList<>();
      Set<String> told = new HashSet<>();
      for (HttpExchange row : rows) {
        Truth truth = talk.truths.get(row.request().path());
        Truth said = new Truth(row.request().method(), row.answer().status());
        if (!said.equals(truth) || !told.add(row.request().path())) {
          lies.add(row.request().path() + " " + said + " and not " + truth);
        }
      }
      return lies;
    }

    boolean isAllTold() {
      return rows.size() == talk.truths.size() && unread == 0;
    }
  }

  /** A client that waits for each answer is told again soon after a loss. */
  private static double told(Missing missing) {
    List<String> lies = new ArrayList<>();
    double told = 0;
    double all = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Run run = new Run(seed, missing);
      if (!run.lies().isEmpty()) {
        lies.add("seed " + seed + ": " + run.lies());
      }
      all += run.talk.isPipelining() ? 0 : run.talk.truths.size();
      told += run.talk.isPipelining() ? 0 : run.rows.size();
    }
    assertThat(lies).isEmpty();
    return told / all;
  }

  /** The share is of what clients ask who wait for each answer. */
  @ParameterizedTest
  @CsvSource({
    "ONE_RECORD, 0.8",
    "SOME_RECORDS, 0.6",
    "MANY_RECORDS, 0.1",
    "STRETCH, 0.7",
    "PASSED_OVER, 0.35",
    "NOT_COPIED, 0.4",
    "EVERYTHING, 0.1"
  })
  void rows_whereSomethingIsMissing_areTrueAndMostAreTold(Missing missing, double share) {
    assertThat(told(missing)).isGreaterThan(share);
  }

  @Test
  void rows_whereNothingIsMissing_areAllThereAre() {
    for (int seed = 0; seed < RUNS; seed++) {
      Run run = new Run(seed, Missing.NOTHING);

      assertThat(run.lies()).as("seed %d", seed).isEmpty();
      assertThat(run.isAllTold()).as("seed %d: %s", seed, run.rows).isTrue();
    }
  }
}
