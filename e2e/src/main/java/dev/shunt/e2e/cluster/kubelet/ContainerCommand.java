package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.kubelet.Images.Image;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What starts a container's process: {@code e2e/cluster/container/container.c} with its options.
 * Immutable.
 *
 * @param program the built shunt-container
 * @param nodeCgroup the node's root, which the container sees as /sys/fs/cgroup
 * @param image what the container's image means
 */
record ContainerCommand(Path program, CgroupTree nodeCgroup, Image image) {
  private static final String CGROUP_MOUNT = "/sys/fs/cgroup";

  /**
   * Where a container's process is to be.
   *
   * @param sandbox of the Pod
   * @param cgroup of the container
   * @param scratch an empty folder
   * @param mounts outer ones first
   */
  record Place(PodSandbox sandbox, CgroupTree cgroup, Path scratch, List<Mount> mounts) {
    Place {
      mounts = List.copyOf(mounts);
    }
  }

  /**
   * The argument list of the container's process.
   *
   * @throws SceneException when it names no program
   */
  List<String> run(
      V1PodSpec pod, V1Container container, Place place, Map<String, String> environment) {
    List<String> argv = new ArrayList<>(List.of(program.toString()));
    // first the node's cgroup: what is its root there is the root that the container sees
    argv.addAll(List.of("--cgroup", nodeCgroup.path().toString(), "--cgroup-namespace"));
    argv.addAll(List.of("--cgroup", place.cgroup().path().toString()));
    String namespace = place.sandbox().namespace().name();
    argv.addAll(List.of("--netns", PodNetwork.NAMESPACES.resolve(namespace).toString()));
    argv.addAll(List.of("--overlay", place.scratch().toString()));
    if (place.mounts().stream().noneMatch(mount -> mount.target().equals(CGROUP_MOUNT))) {
      argv.addAll(Mount.readOnly(nodeCgroup.path(), CGROUP_MOUNT).option());
    }
    image
        .folders()
        .forEach(each -> argv.addAll(Mount.readOnly(each.source(), each.target()).option()));
    place.mounts().forEach(mount -> argv.addAll(mount.option()));
    argv.add("--root");
    if (isReadOnly(container)) {
      argv.add("--read-only");
    }
    argv.addAll(
        List.of("--directory", Optional.ofNullable(container.getWorkingDir()).orElse("/"), "--"));
    argv.addAll(ContainerUser.command(pod, container, image.user()));
    argv.addAll(program(container, environment));
    return argv;
  }

  private static boolean isReadOnly(V1Container container) {
    return container.getSecurityContext() != null
        && Boolean.TRUE.equals(container.getSecurityContext().getReadOnlyRootFilesystem());
  }

  private List<String> program(V1Container container, Map<String, String> environment) {
    List<String> command = Optional.ofNullable(container.getCommand()).orElse(List.of());
    List<String> arguments = Optional.ofNullable(container.getArgs()).orElse(List.of());
    List<String> argv = new ArrayList<>();
    if (command.isEmpty()) {
      argv.addAll(image.entrypoint());
    }
    for (String word : command) {
      argv.add(Variables.expand(word, environment));
    }
    for (String word : arguments) {
      argv.add(Variables.expand(word, environment));
    }
    if (argv.isEmpty()) {
      throw new SceneException(
          "no command specified: image \"" + container.getImage() + "\" has none either");
    }
    return argv;
  }

  /** The argument list that runs a command beside a container's process. */
  List<String> exec(V1PodSpec pod, V1Container container, Inside inside, List<String> command) {
    List<String> argv = new ArrayList<>(List.of(program.toString()));
    argv.addAll(List.of("--cgroup", inside.cgroup().path().toString()));
    argv.addAll(List.of("--enter", Long.toString(inside.pid()), "--"));
    argv.addAll(ContainerUser.command(pod, container, image.user()));
    argv.addAll(command);
    return argv;
  }

  /**
   * A container that runs.
   *
   * @param cgroup of the container
   * @param pid of its process
   */
  record Inside(CgroupTree cgroup, long pid) {}
}
