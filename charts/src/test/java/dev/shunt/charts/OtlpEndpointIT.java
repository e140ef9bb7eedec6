package dev.shunt.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shunt.publish.otlp.OtlpEndpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The schema takes the URLs of collectors that the node takes: a node with another cannot start.
 * Only addresses that are odd are left to the node.
 */
class OtlpEndpointIT {
  private static final String OPTION = "--otlp-endpoint";

  private static Helm.Run template(String endpoint) {
    return Helm.template("node.otlp.endpoint=" + endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grpc://otel",
        "grpc://otel:4317",
        "grpc://otel:4317/",
        "grpc://otel:1",
        "grpc://otel:65535",
        "grpc://otel:04317",
        "grpc://otel:",
        "grpcs://otel.monitoring.svc.cluster.local.:443",
        "GRPCS://Otel-1.example",
        "http://1otel:4318",
        "http://a--b.c-d:4318/otlp/v2/",
        "https://otel/a%20b/c@d;e=f",
        "https://10.0.0.255/otlp",
        "http://[::1]:4318",
        "grpc://[2001:db8::1]",
        "grpc://[1:2:3:4:5:6:7:8]:4317",
        "grpc://[::ffff:10.0.0.1]:4317",
      })
  void endpoint_good_takenByBoth(String endpoint) {
    Helm.Run run = template(endpoint);

    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output()).contains(OPTION + "=" + endpoint);
    assertThatCode(() -> OtlpEndpoint.parse(OPTION, endpoint)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "otel",
        "otel:4317",
        "//otel:4317",
        "ftp://otel:4317",
        "grpc:otel",
        "grpc://",
        "grpc://:4317",
        "grpc:///otlp",
        "grpc://otel:4317/v1/traces",
        "grpcs://otel/x/",
        "grpc://otel:0",
        "grpc://otel:000",
        "grpc://otel:65536",
        "grpc://otel:70000",
        "grpc://otel:99999",
        "grpc://otel:100000",
        "grpc://otel:43a7",
        "http://o_tel:4318",
        "http://o tel",
        "http://-otel",
        "http://otel-:4318",
        "http://otel..svc",
        "http://.otel",
        "http://[::1",
        "http://[]",
        "http://user@otel:4318",
        "http://user:word@otel:4318",
        "https://otel/?token=x",
        "https://otel/#x",
        "https://otel/a b",
        "https://otel/100%",
        "https://otel/<a>",
        "https://otel/[a]",
      })
  void endpoint_bad_refusedByBoth(String endpoint) {
    Helm.Run run = template(endpoint);

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.errors())
        .contains("specifications of the schema")
        .contains("node/otlp/endpoint");
    assertThatIllegalArgumentException().isThrownBy(() -> OtlpEndpoint.parse(OPTION, endpoint));
  }

  /** A pattern for addresses alone would be longer than all others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://otel.1",
        "http://1.2.3",
        "http://1.2.3.256",
        "http://1.2.3.4.",
        "http://[:::1]",
        "http://[1::2::3]",
        "http://[1:2:3:4:5:6:7:8:9]",
        "http://[12345::]",
      })
  void address_odd_refusedByTheNode(String endpoint) {
    assertThatIllegalArgumentException().isThrownBy(() -> OtlpEndpoint.parse(OPTION, endpoint));
  }

  /** A node with both cannot start. */
  @ParameterizedTest
  @CsvSource({
    "grpc://otel, false",
    "http://otel/grpcs://, false",
    "grpcs://otel, true",
    "HTTPS://otel, true",
    "'', true"
  })
  void certificates_inClear_areRefused(String endpoint, boolean isTaken) {
    Helm.Run run =
        Helm.template("node.otlp.endpoint=" + endpoint, "node.otlp.clientSecret=otel-client");

    assertThat(run.exitCode() == 0).as(run.errors()).isEqualTo(isTaken);
    assertThat(run.errors().contains("node/otlp/endpoint")).isEqualTo(!isTaken);
  }
}
