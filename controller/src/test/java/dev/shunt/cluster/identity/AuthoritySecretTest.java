package dev.shunt.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.shunt.cluster.watch.FakeApi;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The authority and its Secret. The API server is imitated. */
class AuthoritySecretTest {
  private static final String NOT_FOUND = "{\"kind\":\"Status\",\"code\":404}";
  private FakeApi api;
  private AuthoritySecret secret;

  @BeforeEach
  void start() throws Exception {
    api = new FakeApi();
    secret =
        new AuthoritySecret(
            new ApiClient().setBasePath(api.url()), "shunt", "shunt-ca", Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static String secretOf(Authority authority) {
    return "{\"metadata\":{\"name\":\"shunt-ca\"},\"data\":{\"ca.crt\":\"%s\",\"ca.key\":\"%s\"}}"
        .formatted(base64(authority.certificatePem()), base64(authority.keyPem()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void load_secretIsThere_sameAuthorityAndPublished() throws Exception {
    Authority kept = Authority.create(Clock.systemUTC());
    api.answer(200, secretOf(kept));
    api.answer(404, NOT_FOUND);
    api.answer(201, "{\"metadata\":{}}");

    Authority loaded = secret.loadOrCreate();

    assertThat(loaded.certificatePem()).isEqualTo(kept.certificatePem());
    assertThat(api.requests().get(2))
        .startsWith("POST /api/v1/namespaces/shunt/configmaps")
        .contains("BEGIN CERTIFICATE")
        .doesNotContain("PRIVATE");
  }

  @Test
  void load_noSecretAndAnotherReplicaIsFaster_itsAuthorityCounts() throws Exception {
    Authority others = Authority.create(Clock.systemUTC());
    api.answer(404, NOT_FOUND);
    api.answer(409, "{\"kind\":\"Status\",\"code\":409}");
    api.answer(200, secretOf(others));
    api.answer(404, NOT_FOUND);
    api.answer(201, "{\"metadata\":{}}");

    assertThat(secret.loadOrCreate().certificatePem()).isEqualTo(others.certificatePem());
  }

  @Test
  void load_bareObjectsOfTheChart_filledWithTheirVersion() throws Exception {
    Authority others = Authority.create(Clock.systemUTC());
    api.answer(200, "{\"metadata\":{\"name\":\"shunt-ca\",\"resourceVersion\":\"7\"}}");
    api.answer(409, "{\"kind\":\"Status\",\"code\":409}");
    api.answer(200, secretOf(others));
    api.answer(200, "{\"metadata\":{\"name\":\"shunt-ca\",\"resourceVersion\":\"8\"}}");
    api.answer(200, "{\"metadata\":{}}");

    assertThat(secret.loadOrCreate().certificatePem()).isEqualTo(others.certificatePem());
    assertThat(api.requests().get(1))
        .startsWith("PUT /api/v1/namespaces/shunt/secrets/shunt-ca")
        .contains("\"resourceVersion\":\"7\"", "ca.key");
    assertThat(api.requests().get(4))
        .startsWith("PUT /api/v1/namespaces/shunt/configmaps/shunt-ca")
        .contains("\"resourceVersion\":\"8\"", "BEGIN CERTIFICATE")
        .doesNotContain("PRIVATE");
  }

  @Test
  void load_secretOfSomethingElse_refusedAndLeftAlone() {
    api.answer(200, "{\"metadata\":{\"name\":\"shunt-ca\"},\"data\":{\"password\":\"eA==\"}}");

    assertThatIOException()
        .isThrownBy(secret::loadOrCreate)
        .withMessageContaining("no ca.crt and ca.key in it");
    assertThat(api.requests()).hasSize(1);
  }

  @Test
  void load_mayNot_saysWhat() {
    api.answer(403, "{\"kind\":\"Status\",\"code\":403}");

    assertThatIOException()
        .isThrownBy(secret::loadOrCreate)
        .withMessage("read secret shunt/shunt-ca failed: HTTP 403");
  }
}
