package dev.shunt.e2e.bench.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
  @Test
  void parse_nameAndFiles_taken(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("both.o"));

    Comparison comparison = Comparison.parse("other=" + file + "," + file);

    assertThat(comparison.name()).isEqualTo("other");
    assertThat(comparison.verdict()).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "other=a.o", "Other=a.o,b.o", "=a.o,b.o", "other=a.o,b.o,c.o"})
  void parse_notThatForm_refusedWithTheForm(String text) {
    assertThatThrownBy(() -> Comparison.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--compare: " + text);
  }

  @Test
  void parse_noSuchFile_refusedWithItsName() {
    assertThatThrownBy(() -> Comparison.parse("other=/nowhere/a.o,/nowhere/b.o"))
        .hasMessageContaining("read /nowhere/a.o failed");
  }
}
