package dev.shunt.datapath.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of mounted directories on the host, from lines of mountinfo. */
class HostDirectoryTest {
  private static final List<String> HOST =
      List.of(
          "22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw",
          "26 22 0:24 / /run rw,nosuid - tmpfs tmpfs rw",
          "31 22 254:2 / /srv/with\\040blank rw - ext4 /dev/vdb rw",
          "32 22 254:2 /images /srv/images rw - ext4 /dev/vdb rw");

  private static List<String> container(String device, String root, String place) {
    return List.of(
        "900 1 0:90 / / ro - overlay overlay rw",
        "901 900 %s %s %s rw - ext4 /dev/any rw".formatted(device, root, place));
  }

  @Test
  void locate_belowRoot_sameName() {
    assertThat(
            HostDirectory.locate(
                Path.of("/var/lib/shunt"),
                container("254:1", "/var/lib/shunt", "/var/lib/shunt"),
                HOST))
        .contains(Path.of("/var/lib/shunt"));
  }

  @Test
  void locate_fileSystemOfItsOwn_belowItsMountPoint() {
    assertThat(
            HostDirectory.locate(
                Path.of("/run/shunt"), container("0:24", "/shunt", "/run/shunt"), HOST))
        .contains(Path.of("/run/shunt"));
  }

  @Test
  void locate_blankInName_isRead() {
    assertThat(
            HostDirectory.locate(Path.of("/state"), container("254:2", "/shunt", "/state"), HOST))
        .contains(Path.of("/srv/with blank/shunt"));
  }

  @Test
  void locate_hostMountsItItself_isLeftAlone() {
    assertThat(HostDirectory.locate(Path.of("/run"), container("0:24", "/", "/run"), HOST))
        .isEmpty();
  }

  @Test
  void locate_notOfTheHost_empty() {
    assertThat(HostDirectory.locate(Path.of("/tmp"), container("0:77", "/", "/tmp"), HOST))
        .isEmpty();
  }

  @Test
  void locate_noMountPoint_empty() {
    assertThat(HostDirectory.locate(Path.of("/opt"), HOST, HOST)).isEmpty();
  }
}
