package dev.shunt.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.shunt.cluster.observe.PlaneMeter;
import io.grpc.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What gRPC may log of messages that callers send; that it does so, PlaneSecurityTest provokes. */
class BadMessagesTest {
  private static final Logger EXECUTOR = Logger.getLogger("io.grpc.internal.SerializingExecutor");
  private static final Logger STREAM = Logger.getLogger("io.grpc.netty.NettyServerStream");

  @BeforeEach
  void install() {
    new BadMessages(new PlaneMeter(new PrometheusRegistry()));
  }

  private static boolean isLogged(Logger logger, Throwable failure) {
    LogRecord line = new LogRecord(Level.WARNING, "failed");
    line.setThrown(failure);
    return logger.getFilter().isLoggable(line);
  }

  @Test
  void filter_whatACallerProvokes_isNotLogged() {
    Throwable malformed =
        Status.INTERNAL
            .withCause(new InvalidProtocolBufferException("no message"))
            .asRuntimeException();

    assertThat(isLogged(EXECUTOR, malformed)).isFalse();
    assertThat(isLogged(STREAM, Status.RESOURCE_EXHAUSTED.asRuntimeException())).isFalse();
  }

  @Test
  void filter_failureOfThisServer_isLogged() {
    assertThat(isLogged(EXECUTOR, new IllegalStateException("ours"))).isTrue();
    assertThat(isLogged(STREAM, Status.INTERNAL.asRuntimeException())).isTrue();
  }
}
