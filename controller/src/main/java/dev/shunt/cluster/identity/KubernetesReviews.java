package dev.shunt.cluster.identity;

import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AuthenticationV1Api;
import io.kubernetes.client.openapi.apis.AuthorizationV1Api;
import io.kubernetes.client.openapi.models.V1ResourceAttributes;
import io.kubernetes.client.openapi.models.V1SubjectAccessReview;
import io.kubernetes.client.openapi.models.V1SubjectAccessReviewSpec;
import io.kubernetes.client.openapi.models.V1SubjectAccessReviewStatus;
import io.kubernetes.client.openapi.models.V1TokenReview;
import io.kubernetes.client.openapi.models.V1TokenReviewSpec;
import io.kubernetes.client.openapi.models.V1TokenReviewStatus;
import io.kubernetes.client.openapi.models.V1UserInfo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks the API server, by TokenReview and SubjectAccessReview. Thread-safe. */
public final class KubernetesReviews implements Reviews {
  private static final int CAUSE_MAX = 200;

  private final AuthenticationV1Api authentication;
  private final AuthorizationV1Api authorization;

  public KubernetesReviews(ApiClient client) {
    authentication = new AuthenticationV1Api(client);
    authorization = new AuthorizationV1Api(client);
  }

  @Override
  public Review token(String token, String audience) throws IOException {
    V1TokenReview question =
        new V1TokenReview().spec(new V1TokenReviewSpec().token(token).audiences(List.of(audience)));
    try {
      V1TokenReviewStatus status = authentication.createTokenReview(question).execute().getStatus();
      if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
        return new Review.Invalid(cause(status, token));
      }
      List<String> audiences = status.getAudiences();
      V1UserInfo user = status.getUser();
      if (audiences == null || !audiences.contains(audience) || user == null) {
        // An API server that ignores audiences must not make any token good enough.
        return new Review.Invalid("the API server did not confirm the audience");
      }
      return new Review.Valid(
          new User(
              text(user.getUsername()),
              text(user.getUid()),
              user.getGroups() == null ? List.of() : user.getGroups(),
              user.getExtra() == null ? Map.of() : user.getExtra()));
    } catch (ApiException e) {
      throw new IOException("create tokenreview failed: HTTP " + e.getCode(), e);
    } catch (IllegalArgumentException | JsonParseException e) {
      throw unreadable("tokenreview");
    }
  }

  private static String cause(@Nullable V1TokenReviewStatus status, String token) {
    String error = status == null ? "" : text(status.getError());
    String shown = error.replace(token, "[token]").replaceAll("\\p{Cntrl}", " ");
    return shown.length() > CAUSE_MAX ? shown.substring(0, CAUSE_MAX) : shown;
  }

  @Override
  public boolean mayGetStatistics(User user) throws IOException {
    V1SubjectAccessReviewSpec spec =
        new V1SubjectAccessReviewSpec()
            .user(user.name())
            .groups(user.groups())
            .extra(user.extra())
            .resourceAttributes(
                new V1ResourceAttributes().group("shunt.dev").resource("statistics").verb("get"));
    if (!user.uid().isEmpty()) {
      spec.uid(user.uid());
    }
    try {
      V1SubjectAccessReviewStatus status =
          authorization
              .createSubjectAccessReview(new V1SubjectAccessReview().spec(spec))
              .execute()
              .getStatus();
      return status != null && Boolean.TRUE.equals(status.getAllowed());
    } catch (ApiException e) {
      throw new IOException("create subjectaccessreview failed: HTTP " + e.getCode(), e);
    } catch (IllegalArgumentException | JsonParseException e) {
      throw unreadable("subjectaccessreview");
    }
  }

  /** Without the cause: the client puts the whole answer into it, and that has the token. */
  private static IOException unreadable(String what) {
    return new IOException("create " + what + " failed: the answer cannot be read");
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
