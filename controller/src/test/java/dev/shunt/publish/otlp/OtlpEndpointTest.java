package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of collectors. */
class OtlpEndpointTest {
  @ParameterizedTest
  @CsvSource({
    "grpc://otel:4317, grpc://otel:4317",
    "grpc://otel, grpc://otel:4317",
    "GRPCS://10.0.0.1:443/, grpcs://10.0.0.1:443",
    "http://otel.monitoring.svc, http://otel.monitoring.svc:4318",
    "https://[2001:db8::1]/otlp/, https://[2001:db8::1]:4318/otlp"
  })
  void url_thatIsOne_isRead(String text, String shown) {
    assertThat(OtlpEndpoint.parse("--x", text)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "otel:4317",
        "otel",
        "ftp://otel:4317",
        "grpc://",
        "grpc:otel",
        "grpc://otel:0",
        "grpc://otel:65536",
        "grpc://otel:4317/v1/traces",
        "http://o tel",
        "http://user:tops3cret@otel:4318",
        "https://otel/?token=tops3cret",
        "https://otel/#tops3cret",
        "https://user:tops3cret@o tel/",
        "https://user:tops3cret@o_tel/",
        "grpc:user:tops3cret@otel"
      })
  void url_thatIsNone_isOneLineWithoutSecrets(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OtlpEndpoint.parse("--x", text))
        .withMessageStartingWith("--x: ")
        .satisfies(bad -> assertThat(bad.getMessage()).doesNotContain("tops3cret", "\n"));
  }

  @Test
  void address_ofIpv6_hasNoBrackets() {
    assertThat(OtlpEndpoint.parse("--x", "grpc://[::1]:1").address()).isEqualTo("::1");
  }
}
