package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The page of reasons says what the command line says. */
class ReasonsPageTest {
  private static final Path PAGE = Path.of("../docs/reasons.md");

  @Test
  void page_everyReason_hasItsRowInOrder() throws IOException {
    assertThat(Files.readAllLines(PAGE))
        .filteredOn(line -> line.matches("\\| \\d+ \\|.*"))
        .containsExactlyElementsOf(Arrays.stream(Reason.values()).map(this::row).toList());
  }

  private String row(Reason reason) {
    ReasonText text = ReasonText.of(reason);
    return "| %d | `%s` | %s | %s |"
        .formatted(reason.number(), reason.label(), text.sentence(), text.remedy());
  }
}
