package dev.shunt.observe.http;

import static dev.shunt.observe.http.Http2Frames.END_HEADERS;
import static dev.shunt.observe.http.Http2Frames.END_STREAM;
import static dev.shunt.observe.http.Http2Frames.frame;
import static dev.shunt.observe.http.Http2Frames.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.http.Http2Talk.Truth;
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
 * Connections of HTTP/2 by chance, of which parts are missing by chance: what is told is true, and
 * nothing fails. Seeds are fixed, so that what fails once fails again.
 */
class Http2RandomTest {
  private static final int RUNS = 5_000;
  private static final int NOISE_RUNS = 20_000;

  /** What is missing. */
  private enum Missing {
    NOTHING,
    ONE_PIECE,
    SOME_PIECES,
    NOT_COPIED
  }

  /** A connection as it is told, and what comes of it. */
  private static final class Run implements HttpListener {
    final Http2Talk talk;
    final Random random;
    final List<HttpExchange> rows = new ArrayList<>();
    int unread;
    private boolean isLost;

    Run(int seed, Missing missing) {
      random = new Random(seed);
      talk = new Http2Talk(random);
      tell(missing);
    }

    private void tell(Missing missing) {
      HttpConversation conversation = new HttpConversation(this);
      long[] positions = new long[2];
      List<Piece> pieces = talk.pieces();
      int one = random.nextInt(pieces.size());
      long nanos = 0;
      for (int i = 0; i < pieces.size(); i++) {
        Piece piece = pieces.get(i);
        int way = piece.way().number();
        int length = piece.bytes().length;
        nanos += 1000;
        boolean isGone =
            (missing == Missing.ONE_PIECE && i == one)
                || (missing == Missing.SOME_PIECES && random.nextInt(10) == 0);
        boolean isCut = missing == Missing.NOT_COPIED && random.nextInt(10) == 0;
        isLost |= isGone;
        if (!isGone) {
          int copied = isCut ? random.nextInt(length) : length;
          ByteBuffer copy = ByteBuffer.wrap(piece.bytes(), 0, copied).slice();
          conversation.take(new Segment(piece.way(), positions[way], length, copy, nanos, false));
        }
        positions[way] += length;
      }
      conversation.end(Way.RECEIVED, positions[0]);
      conversation.end(Way.SENT, positions[1]);
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
      return isLost;
    }

    /** What is not true of the rows. */
    List<String> lies() {
      List<String> lies = new ArrayList<>();
      Set<String> told = new HashSet<>();
      for (HttpExchange row : rows) {
        String path = row.request().path();
        Truth truth = talk.truths.get(path);
        Truth said = new Truth(row.request().method(), row.protocol(), row.answer());
        if (!said.equals(truth) || !told.add(path)) {
          lies.add(path + " " + said + " and not " + truth);
        }
      }
      return lies;
    }
  }

  @ParameterizedTest
  @CsvSource({"ONE_PIECE, 0.3", "SOME_PIECES, 0.03", "NOT_COPIED, 0.05"})
  void rows_whereSomethingIsMissing_areTrue(Missing missing, double share) {
    List<String> lies = new ArrayList<>();
    double told = 0;
    double all = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Run run = new Run(seed, missing);
      if (!run.lies().isEmpty()) {
        lies.add("seed " + seed + ": " + run.lies());
      }
      told += run.rows.size();
      all += run.talk.truths.size();
    }
    assertThat(lies).isEmpty();
    assertThat(told / all).isGreaterThan(share);
  }

  @Test
  void rows_whereNothingIsMissing_areAllThereAre() {
    for (int seed = 0; seed < RUNS; seed++) {
      Run run = new Run(seed, Missing.NOTHING);

      assertThat(run.lies()).as("seed %d", seed).isEmpty();
      assertThat(run.rows).as("seed %d", seed).hasSameSizeAs(run.talk.truths.keySet());
      assertThat(run.unread).as("seed %d", seed).isZero();
    }
  }

  /** Frames of any type, length and flags, with anything in them. */
  @Test
  void frames_atRandom_breakNothing() {
    for (int seed = 0; seed < NOISE_RUNS; seed++) {
      Random random = new Random(seed);
      HttpConversation conversation = Dialog.silent();
      byte[] first = join(HttpStart.PREFACE, frame(FrameReader.SETTINGS, 0, 0, new byte[0]));
      long[] positions = {first.length, 0};
      conversation.take(
          new Segment(Way.RECEIVED, 0, first.length, ByteBuffer.wrap(first), 0, false));
      for (int i = 1; i < 30; i++) {
        Way way = Way.of(random.nextInt(2));
        byte[] bytes = noise(random);
        conversation.take(
            new Segment(
                way,
                positions[way.number()],
                bytes.length,
                ByteBuffer.wrap(bytes, 0, random.nextInt(8) == 0 ? 0 : bytes.length),
                i,
                false));
        positions[way.number()] += bytes.length;
      }
      conversation.end(Way.RECEIVED);
      conversation.end(Way.SENT);
      assertThat(conversation.keptBytes()).isLessThan(1 << 20);
    }
  }

  private static byte[] noise(Random random) {
    byte[] payload = new byte[random.nextInt(40)];
    for (int i = 0; i < payload.length; i++) {
      // indexed headers of the table, more often than not
      payload[i] =
          (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0x82 + random.nextInt(60));
    }
    int flags = random.nextInt(3) == 0 ? random.nextInt(256) : END_HEADERS | END_STREAM;
    byte[] frame = frame(random.nextInt(11), flags, random.nextInt(9), payload);
    if (random.nextInt(30) == 0) {
      frame[random.nextInt(FrameReader.HEADER_BYTES)] = (byte) random.nextInt(256);
    }
    return frame;
  }
}
