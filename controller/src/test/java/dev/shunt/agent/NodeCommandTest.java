package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class NodeCommandTest {
  /** Every line is refused before anything of the host is looked at. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--metrics-port 70000           | --metrics-port: 70000 (expected: 0..65535)",
        "--metrics-port -1              | --metrics-port: -1 (expected: 0..65535)",
        "--metrics-port many            | --metrics-port",
        "--metrics-address no.such.host | --metrics-address: 'no.such.host' (expected: an address",
        "--trait-ttl 0                  | --trait-ttl: 0 (expected: 1..31536000)",
        "--speed-check 86401            | --speed-check: 86401 (expected: 0..86400)",
        "--on-stop pause                | --on-stop",
        "--log-level loud               | --log-level",
        "--tls-port 9000                | --tls-cert",
        "--otlp-endpoint otel:4317      | --otlp-endpoint: the scheme 'otel' (expected: grpc://",
        "--otlp-endpoint grpc://        | --otlp-endpoint: no URL (expected: grpc://",
        "--otlp-endpoint http://a:b@c   | --otlp-endpoint: a URL with user, query or fragment",
        "--otlp-endpoint grpc://o --otlp-interval 4 | --otlp-interval: 4 (expected: 5..3600)",
        "--otlp-endpoint grpcs://o --otlp-client-key k | --otlp-client-certificate: missing (exp",
        "--otlp-endpoint grpcs://o --otlp-client-certificate c | --otlp-client-key: missing (expec",
        "--otlp-endpoint grpc://o --otlp-client-certificate c --otlp-client-key k | grpc://o:4317 is in clear (expected: grpcs or https)",
        "--otlp-endpoint grpc://o --otlp-compression zstd | --otlp-compression",
        "--otlp-ca ca.crt               | --otlp-endpoint",
        "--no-such-option               | --no-such-option",
        "--socket a --socket b          | --socket",
      })
  void node_wrongOption_oneLineThatNamesIt(String arguments, String named) {
    StringWriter err = new StringWriter();
    CommandLine line = ShuntCommand.commandLine();
    line.setErr(new PrintWriter(err));

    int exit = line.execute(("node " + arguments).split(" "));

    assertThat(exit).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().lines().findFirst())
        .hasValueSatisfying(
            first -> {
              assertThat(first).startsWith("shunt: ").contains(named);
            });
  }
}
