package dev.shunt.e2e.cluster.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.cluster.kubelet.AtomicFolder.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  @TempDir private Path folder;

  private static Entry entry(String text) {
    return new Entry(text.getBytes(StandardCharsets.UTF_8), 0640);
  }

  @Test
  void write_files_areLinksThroughOneLink() throws IOException {
    AtomicFolder volume = new AtomicFolder(folder);

    volume.write(Map.of("a", entry("1"), "deep/b", entry("2")));

    assertThat(Files.readString(folder.resolve("a"))).isEqualTo("1");
    assertThat(Files.readString(folder.resolve("deep/b"))).isEqualTo("2");
    assertThat(Files.readSymbolicLink(folder.resolve("a"))).isEqualTo(Path.of("..data/a"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
        .isEqualTo("rw-r-----");
  }

  @Test
  void write_otherFiles_replacesAllAtOnce() throws IOException {
    AtomicFolder volume = new AtomicFolder(folder);
    volume.write(Map.of("kept", entry("1"), "gone", entry("1")));
    Path before = Files.readSymbolicLink(folder.resolve("..data"));

    volume.write(Map.of("kept", entry("2"), "fresh", entry("2")));

    assertThat(Files.readSymbolicLink(folder.resolve("..data"))).isNotEqualTo(before);
    assertThat(folder.resolve(before)).doesNotExist();
    assertThat(Files.readString(folder.resolve("kept"))).isEqualTo("2");
    assertThat(Files.readString(folder.resolve("fresh"))).isEqualTo("2");
    assertThat(Files.isSymbolicLink(folder.resolve("gone"))).isFalse();
  }

  @Test
  void write_sameFiles_changesNothing() throws IOException {
    AtomicFolder volume = new AtomicFolder(folder);
    volume.write(Map.of("a", entry("1")));
    Path before = Files.readSymbolicLink(folder.resolve("..data"));

    volume.write(Map.of("a", entry("1")));

    assertThat(Files.readSymbolicLink(folder.resolve("..data"))).isEqualTo(before);
  }
}
