package dev.shunt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file that no longer fits is split; the limit stays. */
class SourceSizeTest {
  private static final int MAX_LINES = 300;

  @Test
  void file_ofOurOwn_fitsTheLimit() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    List<Path> sources = new ArrayList<>();
    for (String folder : List.of("controller/src", "e2e/src", "bpf")) {
      if (Files.isDirectory(root.resolve(folder))) {
        collect(root.resolve(folder), sources);
      }
    }

    assertThat(sources).anyMatch(path -> path.endsWith("SourceSizeTest.java"));
    assertThat(sources)
        .allSatisfy(
            path ->
                assertThat(Files.readAllLines(path))
                    .as("lines of %s", path)
                    .hasSizeLessThanOrEqualTo(MAX_LINES));
  }

  private static void collect(Path folder, List<Path> sources) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths
          .filter(path -> path.toString().matches(".*\\.(java|c|h)"))
          .filter(path -> !path.toString().contains("/target/"))
          .forEach(sources::add);
    }
  }
}
