package dev.shunt.publish.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of headers, and that nothing of it is said. */
class OtlpHeadersTest {
  @TempDir private Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("headers"), text);
  }

  @Test
  void file_ofHeaders_isRead() throws IOException {
    OtlpHeaders headers =
        OtlpHeaders.read(file("# token\n\nAuthorization: Bearer tops3cret \nX-Scope-OrgID:1\n"));

    assertThat(headers.values())
        .containsEntry("authorization", "Bearer tops3cret")
        .containsEntry("x-scope-orgid", "1")
        .hasSize(2);
    assertThat(headers).hasToString("[authorization, x-scope-orgid]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tops3cret",
        "authorization=tops3cret",
        "authorization:",
        ": tops3cret",
        "two words: tops3cret",
        "host: tops3cret",
        "x-bin: tops3cret",
        "grpc-timeout: tops3cret",
        "a: tops3cret\u00e9",
        "a: tops3cret\u0007"
      })
  void line_thatIsNoHeader_isNamedWithoutWhatItHas(String line) throws IOException {
    Path file = file("fine: yes\n" + line + "\n");

    assertThatIOException()
        .isThrownBy(() -> OtlpHeaders.read(file))
        .withMessageContaining(file + " failed: line 2 is no header")
        .satisfies(bad -> assertThat(bad.getMessage()).doesNotContain("tops3cret"));
  }

  @Test
  void file_missing_isNamedWithErrno() {
    assertThatIOException()
        .isThrownBy(() -> OtlpHeaders.read(directory.resolve("none")))
        .withMessageEndingWith("none failed: no such file (ENOENT/2)");
  }

  @Test
  void text_ofOthers_losesSecretsOnly() throws IOException {
    OtlpHeaders headers = OtlpHeaders.read(file("authorization: Bearer tops3cret\ntenant: 1\n"));

    assertThat(headers.redact("bad 'Bearer tops3cret' or tops3cret in 11"))
        .isEqualTo("bad '[redacted]' or [redacted] in 11");
  }
}
