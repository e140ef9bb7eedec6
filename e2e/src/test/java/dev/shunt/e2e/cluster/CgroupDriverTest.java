package dev.shunt.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.cluster.CgroupDriver.Quality;
import org.junit.jupiter.api.Test;

class CgroupDriverTest {
  private static final String UID = "0a1b-2c3d";

  @Test
  void pod_systemd_isASliceWithEscapedUid() {
    assertThat(CgroupDriver.SYSTEMD.pod(Quality.of("Burstable"), UID))
        .containsExactly(
            "kubepods.slice", "kubepods-burstable.slice", "kubepods-burstable-pod0a1b_2c3d.slice");
    assertThat(CgroupDriver.SYSTEMD.pod(Quality.of("Guaranteed"), UID))
        .containsExactly("kubepods.slice", "kubepods-pod0a1b_2c3d.slice");
    assertThat(CgroupDriver.SYSTEMD.container("f00")).isEqualTo("cri-containerd-f00.scope");
  }

  @Test
  void pod_cgroupfs_keepsTheUid() {
    assertThat(CgroupDriver.CGROUPFS.pod(Quality.of("BestEffort"), UID))
        .containsExactly("kubepods", "besteffort", "pod0a1b-2c3d");
    assertThat(CgroupDriver.CGROUPFS.pod(Quality.of("Guaranteed"), UID))
        .containsExactly("kubepods", "pod0a1b-2c3d");
    assertThat(CgroupDriver.CGROUPFS.container("f00")).isEqualTo("f00");
  }
}
