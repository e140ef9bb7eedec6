package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.symbols.CodeWatch;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.publish.grpc.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looking for code goes on beside telling records, and leaves nothing behind when it fails. */
class CodeTellingTest {
  private static final int OWN = (int) ProcessHandle.current().pid();

  private final List<Collection<Integer>> asked = new CopyOnWriteArrayList<>();
  private final Records records = new Records();
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile boolean isSlow;
  private volatile boolean isBroken;
  private final CodeTelling telling =
      new CodeTelling(
          records,
          new CodeFollower(
              CodeKind.TLS,
              this::look,
              code -> {
                throw new AssertionError("nothing is found");
              }));

  /** Counts what it is told. */
  private static final class Records implements TraceTelling {
    final AtomicInteger records = new AtomicInteger();

    @Override
    public void begin(TraceReader reader) {
      if (reader.query().filter().port() == 1) {
        throw new LinkageError("as broken memory does");
      }
    }

    @Override
    public void record(ByteBuffer bytes, List<TraceReader> readers) {
      records.incrementAndGet();
    }

    @Override
    public void tell(TraceReader reader, long now) {}

    @Override
    public void tellLast(TraceReader reader) {}

    @Override
    public void refresh() {}
  }

  private CodeWatch.Seen look(Collection<Integer> first) {
    asked.add(Set.copyOf(first));
    if (isBroken) {
      throw new IllegalStateException("broken");
    }
    if (isSlow) {
      try {
        go.await();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
    return new CodeWatch.Seen(List.of(), Set.of());
  }

  private static TraceReader reader(int pid, int port, CollectingSink sink) {
    TraceQuery query =
        new TraceQuery(
            TraceModule.TLS,
            new TraceQuery.Filter(port, pid, "", ""),
            Duration.ZERO,
            Duration.ofSeconds(1));
    return new TraceReader(query, TraceTarget.find(query, TestNames.NONE), sink, 0);
  }

  @AfterEach
  void close() {
    go.countDown();
    telling.close();
  }

  @Test
  void look_thatTakesLong_doesNotHoldUpRecords() {
    isSlow = true;
    telling.refresh();
    Await.until("the look to begin", () -> !asked.isEmpty());

    telling.record(ByteBuffer.allocate(0), List.of());
    telling.refresh();
    assertThat(records.records).hasValue(1);
    assertThat(asked).as("one look at a time").hasSize(1);
  }

  @Test
  void look_thatFails_isTriedAgain() {
    isBroken = true;
    Await.until(
        "another look",
        () -> {
          telling.refresh();
          return asked.size() > 1;
        });
  }

  @Test
  void begin_thatFails_leavesNoWantBehind() {
    assertThatThrownBy(() -> telling.begin(reader(OWN, 0, new CollectingSink())))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessageContaining("it has none mapped");
    assertThatThrownBy(() -> telling.begin(reader(0, 1, new CollectingSink())))
        .isInstanceOf(LinkageError.class);
    assertThat(asked).containsExactly(Set.of(OWN), Set.of());

    telling.refresh();
    Await.until("a look", () -> asked.size() == 3);
    assertThat(asked.get(2)).isEmpty();
  }

  @Test
  void reader_ofAll_isToldHowManyOnce() {
    CollectingSink sink = new CollectingSink();
    TraceReader reader = reader(0, 0, sink);
    telling.begin(reader);
    telling.tell(reader, 0);
    telling.tell(reader, 0);

    assertThat(sink.all(TraceEvent.Notice.class))
        .singleElement()
        .satisfies(notice -> assertThat(notice.text()).contains("that are watched: 0"));
  }
}
