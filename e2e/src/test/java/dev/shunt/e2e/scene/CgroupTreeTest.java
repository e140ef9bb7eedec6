package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupTreeTest {
  @Test
  void mountPointIn_hybridHost_skipsVersionOne() {
    List<String> mounts =
        List.of(
            "cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0",
            "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0");

    assertThat(CgroupTree.mountPointIn(mounts)).contains(Path.of("/sys/fs/cgroup/unified"));
  }

  @Test
  void mountPointIn_escapedSpace_isDecoded() {
    assertThat(CgroupTree.mountPointIn(List.of("none /mnt/c\\0402 cgroup2 rw 0 0")))
        .contains(Path.of("/mnt/c 2"));
  }

  @Test
  void mountPointIn_versionOneOnly_isEmpty() {
    assertThat(CgroupTree.mountPointIn(List.of("cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0")))
        .isEmpty();
  }

  @Test
  void cpuMicrosIn_statFile_readsUsage() {
    assertThat(CgroupTree.cpuMicrosIn(List.of("usage_usec 59467736", "user_usec 25756709")))
        .isEqualTo(59467736L);
  }

  @Test
  void cpuMicrosIn_noUsageLine_refuses() {
    assertThatThrownBy(() -> CgroupTree.cpuMicrosIn(List.of("user_usec 1")))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("usage_usec");
  }
}
