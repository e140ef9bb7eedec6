package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3:80, 10.1.2.3:80",
    "[::1]:443, [::1]:443",
    "[2001:db8:0:0:1:0:0:1]:5, [2001:db8::1:0:0:1]:5",
    "[fe80:0:0:0:0:0:0:0]:5, [fe80::]:5",
    "[2001:0db8:0:1:1:1:1:1]:5, [2001:db8:0:1:1:1:1:1]:5",
    "[::ffff:10.1.2.3]:80, 10.1.2.3:80",
    "[::]:1, [::]:1",
  })
  void format_parsedAddress_canonicalText(String text, String canonical) {
    assertThat(AddressText.format(AddressText.parseSocket(text))).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "10.0.0.1",
        "10.0.0.256:80",
        "10.0.0:80",
        "localhost:80",
        "::1:80",
        "[::1]",
        "[::1]:0",
        "10.0.0.1:65536",
        "10.0.0.1:http",
        "[fe80::1%lo]:80",
        "[1::2::3]:80"
      })
  void parseSocket_malformed_refusedWithTheExpectedForm(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressText.parseSocket(text))
        .withMessageContaining("(expected: ");
  }
}
