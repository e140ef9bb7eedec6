package dev.shunt.datapath.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names alone decide: a plain directory does for a cgroup. */
class PodCgroupsTest {
  private static final String UID = "0f5ac3a6-ef5b-4b4e-8b39-37a6d1f1b2c3";
  private static final String UNDERSCORES = UID.replace('-', '_');

  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podU.slice",
        "kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podU.slice",
        "kubepods.slice/kubepods-podU.slice",
        "kubepods/burstable/podD",
        "kubepods/podD",
        "kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
            + "kubelet-kubepods-besteffort-podU.slice",
        "system.slice/docker-1234.scope/kubelet/kubepods/burstable/podD",
      })
  void known_driverAndClass_isFoundByTheUid(String form) throws IOException {
    Path pod = root.resolve(form.replace("U", UNDERSCORES).replace("D", UID));
    Files.createDirectories(pod.resolve("cri-containerd-1.scope"));
    PodCgroups cgroups = new PodCgroups(List.of(root));

    assertThat(cgroups.known()).isEmpty();
    assertThat(cgroups.explore()).isTrue();
    assertThat(cgroups.known()).containsOnlyKeys(UID).containsEntry(UID, pod);
    assertThat(cgroups.explore()).as("nothing new").isFalse();
  }

  @Test
  void known_staticPod_isFoundByItsHash() throws IOException {
    String hash = "5dc3ba0d8f1c4c1a9b7e2f3d4c5b6a79";
    Path pod = Files.createDirectories(root.resolve("kubepods/burstable/pod" + hash));
    PodCgroups cgroups = new PodCgroups(List.of(root));
    cgroups.explore();

    assertThat(cgroups.known()).containsEntry(hash, pod);
  }

  @Test
  void known_laterPodOfTheSamePlace_needsNoWalk() throws IOException {
    Path first = Files.createDirectories(root.resolve("kubepods/burstable/pod" + UID));
    PodCgroups cgroups = new PodCgroups(List.of(root));
    cgroups.explore();
    Path second = Files.createDirectory(first.resolveSibling("pod1" + UID));
    Files.delete(first);

    assertThat(cgroups.known()).containsOnlyKeys("1" + UID).containsEntry("1" + UID, second);
  }

  @Test
  void known_treeIsGone_forgetsIt() throws IOException {
    Path pod = Files.createDirectories(root.resolve("kubepods/pod" + UID));
    PodCgroups cgroups = new PodCgroups(List.of(root));
    cgroups.explore();
    Files.delete(pod);
    Files.delete(pod.getParent());

    assertThat(cgroups.known()).isEmpty();
  }

  @Test
  void known_twoHierarchies_theFirstOneWins() throws IOException {
    Path unified = Files.createDirectories(root.resolve("unified/kubepods/pod" + UID));
    Files.createDirectories(root.resolve("memory/kubepods/pod" + UID));
    PodCgroups cgroups = new PodCgroups(List.of(root.resolve("unified"), root.resolve("memory")));
    cgroups.explore();

    assertThat(cgroups.known()).containsEntry(UID, unified);
  }

  @Test
  void known_otherNames_areNoPods() throws IOException {
    for (String name : List.of("podman.service", "user.slice", "kubepods.slice", "tripod-1")) {
      Files.createDirectories(root.resolve(name));
    }
    PodCgroups cgroups = new PodCgroups(List.of(root));
    cgroups.explore();

    assertThat(cgroups.known()).isEmpty();
  }
}
