package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeLoopTest {
  /** As of a host that lets no further thread start for a while. */
  @Test
  @SuppressWarnings("NullAway") // what is repeated here uses none of them
  void task_withoutMemoryForAThread_isTriedAgain() throws InterruptedException {
    CountDownLatch passes = new CountDownLatch(2);
    try (NodeLoop loop = new NodeLoop(null, null, null, null, null)) {
      loop.every(
          Duration.ofMillis(1),
          () -> {
            passes.countDown();
            throw new OutOfMemoryError("unable to create native thread");
          });

      assertThat(passes.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
