package dev.shunt.cluster.identity;

import dev.shunt.cluster.identity.Reviews.Review;
import dev.shunt.cluster.identity.Reviews.User;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the bearer token out of a call and asks the API server whose it is. Thread-safe; {@link
 * #user} blocks for the answer.
 */
final class Tokens implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> TOKEN = Context.key("shunt-token");
  private static final String SCHEME = "bearer ";

  private final Reviews reviews;
  private final String audience;
  private final PlaneMeter meter;

  Tokens(Reviews reviews, String audience, PlaneMeter meter) {
    this.reviews = reviews;
    this.audience = audience;
    this.meter = meter;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String header = headers.get(AUTHORIZATION);
    boolean bearer = header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME);
    Context context =
        Context.current().withValue(TOKEN, bearer ? header.substring(SCHEME.length()).strip() : "");
    return Contexts.interceptCall(context, call, headers, next);
  }

  /**
   * The user of the call's token.
   *
   * @throws StatusRuntimeException there is none, counted
   */
  User user() {
    String token = TOKEN.get();
    if (token == null || token.isEmpty()) {
      throw refuse(Refused.UNAUTHENTICATED, Status.UNAUTHENTICATED, "no bearer token in metadata");
    }
    Review review;
    try {
      review = reviews.token(token, audience);
    } catch (IOException e) {
      throw unavailable(e);
    }
    if (review instanceof Review.Valid valid) {
      return valid.user();
    }
    String cause = ((Review.Invalid) review).cause();
    Refused reason = Refused.UNAUTHENTICATED;
    if (cause.contains("expired")) {
      reason = Refused.EXPIRED;
    } else if (cause.contains("audience")) {
      reason = Refused.WRONG_AUDIENCE;
    }
    throw refuse(
        reason,
        Status.UNAUTHENTICATED,
        "the token is not valid for audience %s%s"
            .formatted(audience, reason == Refused.EXPIRED ? ": it has expired" : ""));
  }

  StatusRuntimeException unavailable(IOException cause) {
    LOG.warn("{}; refusing the call", cause.getMessage());
    return refuse(
        Refused.UNAVAILABLE, Status.UNAVAILABLE, "the API server did not answer; try again");
  }

  StatusRuntimeException refuse(Refused reason, Status status, String detail) {
    meter.refused(reason);
    return status.withDescription(detail).asRuntimeException();
  }
}
