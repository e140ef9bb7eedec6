package dev.shunt.publish.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the outcome of a call into an answer. Stateless. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** Sends the one answer that the supplier gives, or what its exception means. */
  static <T> void unary(StreamObserver<T> caller, Supplier<T> answer) {
    guard(
        caller,
        () -> {
          T message = answer.get();
          caller.onNext(message);
          caller.onCompleted();
        });
  }

  /** Runs an action; an exception of it ends the call with a status. */
  static void guard(StreamObserver<?> caller, Runnable action) {
    try {
      action.run();
    } catch (StatusRuntimeException e) {
      caller.onError(e);
    } catch (RuntimeException e) {
      caller.onError(status(e).asRuntimeException());
    }
  }

  /** A stopped node is UNAVAILABLE; all else is a fault of the node and logged with its trace. */
  private static Status status(RuntimeException e) {
    // The first line: a refusal of the verifier has thousands, more than a status can hold.
    String message =
        e.getMessage() == null
            ? e.getClass().getSimpleName()
            : e.getMessage().lines().findFirst().orElse("");
    if (e instanceof IllegalStateException) {
      return Status.UNAVAILABLE.withDescription(message);
    }
    LOG.warn("answer call failed: {}; the caller is told", message, e);
    return Status.INTERNAL.withDescription(message);
  }
}
