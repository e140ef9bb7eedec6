package dev.shunt.cluster.identity;

import dev.shunt.cluster.identity.Reviews.User;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;

/**
 * Lets calls through whose token belongs to somebody who may read statistics. Comes after {@link
 * Tokens}. Thread-safe; blocks for the API server, so calls need threads of their own.
 */
final class CallerGuard implements ServerInterceptor {
  private final Tokens tokens;
  private final Reviews reviews;

  CallerGuard(Tokens tokens, Reviews reviews) {
    this.tokens = tokens;
    this.reviews = reviews;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    try {
      User user = tokens.user();
      if (!reviews.mayGetStatistics(user)) {
        throw tokens.refuse(
            Refused.FORBIDDEN,
            Status.PERMISSION_DENIED,
            "%s may not get statistics.shunt.dev".formatted(user.name()));
      }
      return next.startCall(call, headers);
    } catch (IOException e) {
      return close(call, tokens.unavailable(e));
    } catch (StatusRuntimeException e) {
      return close(call, e);
    }
  }

  private static <Q, A> ServerCall.Listener<Q> close(
      ServerCall<Q, A> call, StatusRuntimeException refusal) {
    call.close(refusal.getStatus(), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
