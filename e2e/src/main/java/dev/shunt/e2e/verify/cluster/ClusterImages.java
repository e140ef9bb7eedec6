package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.kubelet.Images;
import dev.shunt.e2e.cluster.kubelet.Images.Folder;
import dev.shunt.e2e.cluster.kubelet.Images.Image;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.EnvoyBinary;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The images of the pods that the steps run. Stateless. */
final class ClusterImages {
  /** As the chart names it. */
  private static final String SHUNT = "shunt";

  private static final String OWN = "/opt/shunt";

  private ClusterImages() {}

  static Images all() {
    Path envoy = EnvoyBinary.path();
    String program = OWN + "/envoy/" + envoy.getFileName();
    Folder folder = new Folder(folderOf(envoy), OWN + "/envoy");
    return Images.none()
        .with("envoyproxy/envoy", new Image(List.of(program), 0, List.of(folder)))
        .with(SHUNT, shunt());
  }

  /** This very build, as the image's entrypoint starts it, at a place that any user can read. */
  private static Image shunt() {
    // the archive of this build's classes is good for their own paths only
    List<String> entrypoint =
        ShuntProgram.thisBuild().asNode().command(List.of()).stream()
            .filter(word -> !word.startsWith("-XX:SharedArchiveFile="))
            .toList();
    List<Folder> folders = new ArrayList<>();
    for (Path source : sources()) {
      Folder folder = new Folder(source, OWN + "/" + folders.size());
      folders.add(folder);
      entrypoint =
          entrypoint.stream()
              .map(word -> word.replace(source + "/", folder.target() + "/"))
              .toList();
    }
    return new Image(entrypoint, 0, folders);
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  private static List<Path> sources() {
    List<Path> sources = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(path -> folderOf(Path.of(path)))
        .distinct()
        .forEach(sources::add);
    return sources;
  }
}
