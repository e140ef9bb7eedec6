package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterSlotStoreTest {
  @TempDir private Path directory;

  @Test
  void read_written_isTheSame() throws IOException {
    Map<String, Integer> slots = Map.of("default/web/deny", 8, "default/web/rest", 9);

    new FilterSlotStore(directory).write(slots);

    assertThat(new FilterSlotStore(directory).read()).isEqualTo(slots);
  }

  @Test
  void read_nothingWritten_isEmpty() throws IOException {
    assertThat(new FilterSlotStore(directory).read()).isEmpty();
  }

  @Test
  void read_damaged_saysWhere() throws IOException {
    Files.writeString(directory.resolve("filter-rules"), "8 default/web/deny\neight x\n");

    assertThatThrownBy(() -> new FilterSlotStore(directory).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("filter-rules: eight x (expected: a number and a rule)");
  }
}
