package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraitStoreTest {
  private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path directory;

  private static StoredTrait trait(String cgroup, String executable) {
    return new StoredTrait(
        new StoredTrait.Workload(cgroup, executable, -1, 0xfff00001),
        "splice",
        FIRST,
        FIRST.plusSeconds(60),
        412);
  }

  @Test
  void write_read_isTheSame() throws IOException {
    TraitStore store = new TraitStore(directory);
    List<StoredTrait> traits = List.of(trait("/a b", "/usr/bin/x"), trait("/c", ""));
    store.write("boot", traits);

    StoredTraits read = new TraitStore(directory).read();
    assertThat(read.error()).isEmpty();
    assertThat(read.bootId()).isEqualTo("boot");
    assertThat(read.traits()).isEqualTo(traits);
  }

  @Test
  void write_nameThatBreaksALine_isLeftOut() throws IOException {
    TraitStore store = new TraitStore(directory);
    store.write("boot", List.of(trait("/a\tb", "/x"), trait("/a", "/x\ny"), trait("/c", "/x")));

    assertThat(store.read().traits()).containsExactly(trait("/c", "/x"));
  }

  @Test
  void read_noFile_nothing() {
    assertThat(new TraitStore(directory).read().traits()).isEmpty();
    assertThat(new TraitStore(directory).read().error()).isEmpty();
  }

  @Test
  void read_brokenFile_nothingWithTheLine() throws IOException {
    Files.writeString(directory.resolve("traits"), "boot\tb\nsplice\tnow\n");

    StoredTraits read = new TraitStore(directory).read();
    assertThat(read.traits()).isEmpty();
    assertThat(read.error().orElseThrow())
        .startsWith("read traits " + directory.resolve("traits") + " failed: ")
        .endsWith("; learning them anew");
  }
}
