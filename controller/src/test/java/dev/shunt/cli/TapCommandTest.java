package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code shunt tap} refuses before it asks a node, and how it shows bytes. */
class TapCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=65536     | --port: 65536 (expected: 0..65535)",
        "--conn=x         | --conn: 'x' (expected: a cookie",
        "--sample=2/3     | --sample: '2/3' (expected: 1/N",
        "--sample=1/0     | --sample: '1/0' (expected: 1/N",
        "--snaplen=0      | --snaplen: 0 (expected: 1 or more)",
        "--duration=-1    | --duration: -1.0 (expected: 0..86400)",
        "-w- -ojson       | -w -: standard output has the packets",
      })
  void option_outOfBounds_isRefusedWithItsBound(String arguments, String message) {
    StringWriter errors = new StringWriter();
    String[] argv = ("tap " + arguments).split(" ");

    int exitCode = ShuntCommand.commandLine().setErr(new PrintWriter(errors)).execute(argv);

    assertThat(exitCode).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).startsWith("shunt: " + message);
  }

  @Test
  void bytes_ofAnyKind_areSafeToPrint() {
    ByteString bytes =
        ByteString.copyFrom("GET \\ \r\n\t\u001b[2J\u00e9", StandardCharsets.ISO_8859_1);

    assertThat(TapLines.escaped(bytes)).isEqualTo("GET \\\\ \\r\\n\\t\\x1b[2J\\xe9");
    assertThat(TapLines.escaped(ByteString.copyFrom(new byte[65]))).hasSize(4 * 64 + 3);
  }
}
