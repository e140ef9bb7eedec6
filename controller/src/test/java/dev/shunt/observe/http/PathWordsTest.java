package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words against what machines make. */
class PathWordsTest {
  private static final int TRIED = 10_000;
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** Of paths that public interfaces have. */
  private static List<String> words() throws IOException {
    try (InputStream file = PathWordsTest.class.getResourceAsStream("path_words.txt")) {
      String text =
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII);
      return Stream.of(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
    }
  }

  @Test
  void words_ofPublicInterfaces_stay() throws IOException {
    assertThat(words()).hasSizeGreaterThan(500);
    assertThat(words().stream().filter(word -> !PathWords.areIn(word)))
        .hasSizeLessThan(4)
        .doesNotContain("mutatingwebhookconfigurations", "getPetsByStatus", "index.html");
  }

  /** Seeded, so that the shares are the same each time. */
  private static long inClear(String alphabet, int length) {
    Random random = new Random(length);
    return IntStream.range(0, TRIED)
        .mapToObj(
            token ->
                random
                    .ints(length, 0, alphabet.length())
                    .collect(
                        StringBuilder::new,
                        (text, at) -> text.append(alphabet.charAt(at)),
                        StringBuilder::append)
                    .toString())
        .filter(PathWords::areIn)
        .count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef",
        UPPER + "234567",
        LOWER + "234567",
        LOWER + "0123456789",
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
        LOWER + UPPER + "0123456789",
        LOWER + UPPER + "0123456789-_"
      })
  void tokens_ofARandomAlphabet_areHidden(String alphabet) {
    assertThat(inClear(alphabet, 8)).isLessThan(TRIED / 20);
    assertThat(inClear(alphabet, 12)).isLessThan(TRIED / 100);
    for (int length = 16; length <= 64; length++) {
      assertThat(inClear(alphabet, length)).as("of %d", length).isLessThan(TRIED / 1000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIAIOSFODNNABCDEFGH",
        "ghp_abcdefghijklmnopqrstuvwxyzabcdefghij",
        "xoxb-SECRETTOK-abc",
        "sk_live_abcdefgh",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.abc",
        "neDDpScWvypqTtEeGWVyDw",
        "+4915112345678",
        "-17",
        "ORD-207052",
        "207052-ORD",
        "user123",
        "alice@example.org",
        "alice%40example.org",
        "token=abc",
        "3f2a9b8c",
        "dQw4w9WgXcQ"
      })
  void names_ofThings_areHidden(String name) {
    assertThat(PathWords.areIn(name)).isFalse();
  }
}
