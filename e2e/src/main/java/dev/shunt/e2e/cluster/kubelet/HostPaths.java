package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1HostPathVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What hostPath volumes lead to. Two nodes share one machine, so each has cgroups, a BPF file
 * system and a disk of its own; what is the kernel's is shared. Immutable.
 */
record HostPaths(KubeletSettings settings) {
  private static final Path BPF = Path.of("/sys/fs/bpf");
  private static final Path CGROUP = Path.of("/sys/fs/cgroup");

  /** One for all nodes: the kernel's own, and the machine's programs. */
  private static final List<Path> SHARED =
      List.of(
          Path.of("/proc"),
          Path.of("/sys"),
          Path.of("/dev"),
          Path.of("/boot"),
          Path.of("/lib"),
          Path.of("/usr"));

  /** The path on this machine that stands for a path of the node. */
  Path onThisMachine(Path path) {
    Path unified = CgroupTree.mountPoint().orElse(CGROUP);
    if (path.startsWith(BPF)) {
      return settings.bpf().resolve(BPF.relativize(path));
    }
    if (path.startsWith(unified)) {
      return settings.cgroup().path().resolve(unified.relativize(path));
    }
    if (path.startsWith(CGROUP)) {
      return settings.cgroup().path().resolve(CGROUP.relativize(path));
    }
    if (SHARED.stream().anyMatch(path::startsWith)) {
      return path;
    }
    return settings.disk().resolve(Path.of("/").relativize(path));
  }

  /**
   * As the other one, of the type that the volume asks for.
   *
   * @throws SceneException when it is of another type
   */
  Path of(V1HostPathVolumeSource volume) {
    Path path = onThisMachine(Path.of(volume.getPath()).normalize());
    String type = Optional.ofNullable(volume.getType()).orElse("");
    try {
      switch (type) {
        case "DirectoryOrCreate" -> Files.createDirectories(path);
        case "FileOrCreate" -> makeFile(path);
        default -> {
          // checked below
        }
      }
    } catch (IOException e) {
      throw new SceneException("make hostPath " + volume.getPath() + " failed: " + e, e);
    }
    boolean fits =
        switch (type) {
          case "Directory", "DirectoryOrCreate" -> Files.isDirectory(path);
          case "File", "FileOrCreate" -> Files.isRegularFile(path);
          default -> Files.exists(path);
        };
    if (!fits) {
      throw new SceneException(
          "hostPath type check failed: %s is not a %s"
              .formatted(volume.getPath(), type.isEmpty() ? "file or directory" : type));
    }
    return path;
  }

  private static void makeFile(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    if (!Files.exists(path)) {
      Files.createFile(path);
    }
  }
}
