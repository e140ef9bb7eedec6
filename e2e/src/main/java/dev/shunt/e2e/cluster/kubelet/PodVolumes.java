package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volumes of one Pod. The Pod's thread; {@link #refresh} reads from the API server. */
final class PodVolumes {
  private final Path folder;
  private final HostPaths hostPaths;
  private final VolumeFiles files;
  private final Map<String, Path> sources = new LinkedHashMap<>();
  private final Map<String, AtomicFolder> written = new LinkedHashMap<>();

  /**
   * Without any volume yet.
   *
   * @param folder that keeps them
   */
  PodVolumes(Path folder, HostPaths hostPaths, VolumeFiles files) {
    this.folder = folder;
    this.hostPaths = hostPaths;
    this.files = files;
  }

  /**
   * Makes what is missing and brings up to date what comes from the API server.
   *
   * @throws SceneException when a volume cannot be had (yet)
   */
  void refresh(PodFields fields) {
    List<V1Volume> volumes = fields.pod().getSpec().getVolumes();
    if (volumes == null) {
      return;
    }
    for (V1Volume volume : volumes) {
      try {
        refresh(volume, fields);
      } catch (SceneException e) {
        throw new SceneException(
            "MountVolume.SetUp failed for volume \"%s\": %s"
                .formatted(volume.getName(), e.getMessage()),
            e);
      }
    }
  }

  private void refresh(V1Volume volume, PodFields fields) {
    String name = volume.getName();
    Path own = folder.resolve(name);
    if (volume.getHostPath() != null) {
      sources.computeIfAbsent(name, key -> hostPaths.of(volume.getHostPath()));
      return;
    }
    if (volume.getEmptyDir() != null) {
      sources.computeIfAbsent(name, key -> makeFolder(own, "rwxrwxrwx"));
      return;
    }
    var content =
        files
            .of(volume, fields)
            .orElseThrow(
                () -> new SceneException("the test kubelet does not have this type of volume"));
    AtomicFolder target =
        written.computeIfAbsent(name, key -> new AtomicFolder(makeFolder(own, "rwxr-xr-x")));
    target.write(content);
    sources.put(name, own);
  }

  private static Path makeFolder(Path path, String permissions) {
    try {
      Files.createDirectories(path);
      return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    } catch (IOException e) {
      throw new SceneException("make folder " + path + " failed: " + e, e);
    }
  }

  /** What a container mounts, outer folders first. */
  List<Mount> of(V1Container container, Map<String, String> environment) {
    List<Mount> mounts = new ArrayList<>();
    for (V1VolumeMount mount : Optional.ofNullable(container.getVolumeMounts()).orElse(List.of())) {
      Path source = sources.get(mount.getName());
      if (source == null) {
        throw new SceneException("mount volume " + mount.getName() + " failed: no such volume");
      }
      mounts.add(
          new Mount(
              below(source, mount, environment),
              mount.getMountPath(),
              Boolean.TRUE.equals(mount.getReadOnly()) || written.containsKey(mount.getName())
                  ? Mount.Access.READ_ONLY
                  : Mount.Access.READ_WRITE));
    }
    mounts.sort(Comparator.comparing(Mount::target));
    return mounts;
  }

  private static Path below(Path source, V1VolumeMount mount, Map<String, String> environment) {
    String expression = Optional.ofNullable(mount.getSubPathExpr()).orElse("");
    String subPath =
        expression.isEmpty()
            ? Optional.ofNullable(mount.getSubPath()).orElse("")
            : Variables.expand(expression, environment);
    if (subPath.isEmpty()) {
      return source;
    }
    Path target = source.resolve(subPath).normalize();
    if (!target.startsWith(source)) {
      throw new SceneException("mount subPath " + subPath + " failed: it leaves the volume");
    }
    if (!Files.exists(target)) {
      makeFolder(target, "rwxr-xr-x");
    }
    return target;
  }
}
