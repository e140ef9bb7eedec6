package dev.shunt.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.shunt.cluster.identity.Reviews.Review;
import dev.shunt.cluster.identity.Reviews.User;
import dev.shunt.cluster.watch.FakeApi;
import io.kubernetes.client.openapi.ApiClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked, and what is made of answers. The API server is imitated. */
class KubernetesReviewsTest {
  private FakeApi api;
  private KubernetesReviews reviews;

  @BeforeEach
  void start() throws Exception {
    api = new FakeApi();
    reviews = new KubernetesReviews(new ApiClient().setBasePath(api.url()));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static String review(String status) {
    return "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"spec\":{},\"status\":%s}"
        .formatted(status);
  }

  @Test
  void token_validForTheAudience_userWithItsNode() throws Exception {
    api.answer(
        201,
        review(
            """
            {"authenticated":true,"audiences":["plane"],"user":{"username":"sa","uid":"7",
            "groups":["g"],"extra":{"authentication.kubernetes.io/node-name":["n1"]}}}\
            """
                .replace("\n", "")));

    Review review = reviews.token("secret", "plane");

    assertThat(review)
        .isEqualTo(
            new Review.Valid(
                new User(
                    "sa", "7", List.of("g"), Map.of(IdentityService.NODE_NAME, List.of("n1")))));
    assertThat(api.requests().get(0))
        .startsWith("POST /apis/authentication.k8s.io/v1/tokenreviews")
        .contains("\"audiences\":[\"plane\"]");
  }

  @Test
  void token_serverThatIgnoresAudiences_notValid() throws Exception {
    api.answer(201, review("{\"authenticated\":true,\"user\":{\"username\":\"sa\"}}"));

    assertThat(reviews.token("secret", "plane")).isInstanceOf(Review.Invalid.class);
  }

  @Test
  void token_refused_causeWithoutTheToken() throws Exception {
    api.answer(201, review("{\"authenticated\":false,\"error\":\"bad secret, has expired\"}"));

    assertThat(reviews.token("secret", "plane"))
        .isEqualTo(new Review.Invalid("bad [token], has expired"));
  }

  @Test
  void token_serverFails_saidWithoutTheToken() {
    api.answer(500, "{\"message\":\"secret\"}");

    assertThatIOException()
        .isThrownBy(() -> reviews.token("secret", "plane"))
        .withMessage("create tokenreview failed: HTTP 500");
  }

  @Test
  void token_answerThatCannotBeRead_saidWithoutTheToken() {
    api.answer(201, "{\"spec\":{\"token\":\"secret\"},\"status\":{\"authenticated\":[]}}");

    assertThatIOException()
        .isThrownBy(() -> reviews.token("secret", "plane"))
        .withMessage("create tokenreview failed: the answer cannot be read")
        .withNoCause();
  }

  @Test
  void mayGetStatistics_asksForTheVirtualResource() throws Exception {
    api.answer(201, "{\"spec\":{},\"status\":{\"allowed\":true}}");
    api.answer(201, "{\"spec\":{},\"status\":{\"allowed\":false}}");
    User user = new User("ann", "", List.of("dev"), Map.of());

    assertThat(reviews.mayGetStatistics(user)).isTrue();
    assertThat(reviews.mayGetStatistics(user)).isFalse();
    assertThat(api.requests().get(0))
        .contains("\"resource\":\"statistics\"", "\"group\":\"shunt.dev\"", "\"user\":\"ann\"");
  }
}
