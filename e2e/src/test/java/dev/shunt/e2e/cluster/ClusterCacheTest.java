package dev.shunt.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCacheTest {
  @TempDir private Path folder;

  @Test
  void keep_sameKey_isMadeOnce() throws IOException {
    ClusterCache cache = new ClusterCache(folder);

    Path first = cache.keep("go", "1", fresh -> Files.writeString(fresh.resolve("x"), "made"));
    Path again = cache.keep("go", "1", fresh -> Files.writeString(fresh.resolve("x"), "again"));

    assertThat(again).isEqualTo(first);
    assertThat(Files.readString(again.resolve("x"))).isEqualTo("made");
  }

  @Test
  void keep_otherKey_replacesTheOldOneOfItsKind() {
    ClusterCache cache = new ClusterCache(folder);
    Path other = cache.keep("kubernetes", "1", fresh -> {});
    Path old = cache.keep("go", "1", fresh -> {});

    Path replaced = cache.keep("go", "2", fresh -> {});

    assertThat(replaced).isDirectory();
    assertThat(old).doesNotExist();
    assertThat(other).isDirectory();
  }

  @Test
  void keep_makerFails_leavesNothing() throws IOException {
    ClusterCache cache = new ClusterCache(folder);

    assertThatThrownBy(
            () ->
                cache.keep(
                    "go",
                    "1",
                    fresh -> {
                      Files.writeString(fresh.resolve("half"), "");
                      throw new SceneException("no network");
                    }))
        .hasMessage("no network");
    assertThatThrownBy(
            () ->
                cache.keep(
                    "go",
                    "1",
                    fresh -> {
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(SceneUnavailableException.class)
        .hasMessageContaining("disk full");

    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).allMatch(path -> path.toString().endsWith(".lock"));
    }
  }
}
