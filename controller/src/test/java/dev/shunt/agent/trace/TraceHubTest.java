package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Refusals;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import dev.shunt.publish.grpc.Await;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Modules are opened apart from each other. The kernel refuses them all; one takes its time. */
class TraceHubTest {
  private static final int EPERM = 1;
  private static final long LIMIT_SECONDS = 20;

  private final CountDownLatch loading = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final TraceHub hub = new TraceHub(this::open, TestNames.NONE, consumer -> Set.of());

  private OpenTrace open(TraceProgram program) {
    if (program == TraceProgram.RTT) {
      loading.countDown();
      await(go);
    }
    if (program == TraceProgram.STATES) {
      throw Refusals.withLog(program.module(), EPERM);
    }
    throw new BpfException("load", program.module(), EPERM);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private CompletableFuture<Void> trace(TraceModule module) {
    TraceQuery query =
        new TraceQuery(
            module, new TraceQuery.Filter(0, 0, "", ""), Duration.ZERO, Duration.ofSeconds(1));
    return start(() -> hub.trace(query, new CollectingSink()));
  }

  /** On a thread of its own: it may wait for others. */
  private static CompletableFuture<Void> start(Runnable work) {
    return CompletableFuture.runAsync(work, task -> new Thread(task, "hub-test").start());
  }

  @AfterEach
  void close() {
    go.countDown();
    hub.close();
  }

  @Test
  void module_thatLoadsForLong_holdsUpNoOther() {
    CompletableFuture<Void> slow = trace(TraceModule.RTT);
    await(loading);

    assertThatThrownBy(() -> trace(TraceModule.CONNECT).get(LIMIT_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TraceRefusedException.class)
        .hasMessageContaining("the kernel takes no hook of trace connect");
    assertThat(slow).isNotDone();
  }

  /** The log has it. */
  @Test
  void refusal_ofTheVerifier_isASentenceWithoutItsLog() {
    assertThatThrownBy(() -> trace(TraceModule.STATES).get(LIMIT_SECONDS, TimeUnit.SECONDS))
        .rootCause()
        .hasMessage(
            "load object states failed: not permitted (EPERM/1); the kernel takes no hook of trace"
                + " states, nothing is attached");
  }

  @Test
  void hub_closed_waitsForWhatLoadsAndOpensNoMore() {
    CompletableFuture<Void> slow = trace(TraceModule.RTT);
    await(loading);
    CompletableFuture<Boolean> closing = start(hub::close).thenApply(closed -> go.getCount() == 0);
    Await.until("another module to be closed", () -> isClosed(TraceModule.CONNECT));
    go.countDown();

    assertThat(closing).succeedsWithin(Duration.ofSeconds(LIMIT_SECONDS)).isEqualTo(true);
    assertThat(slow).failsWithin(Duration.ofSeconds(LIMIT_SECONDS));
    assertThat(isClosed(TraceModule.RTT)).isTrue();
  }

  private boolean isClosed(TraceModule module) {
    return String.valueOf(catchThrowable(() -> trace(module).join()).getMessage())
        .contains("the node stops");
  }
}
