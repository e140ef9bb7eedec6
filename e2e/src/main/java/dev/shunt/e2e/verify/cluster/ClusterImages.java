package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.kubelet.Images;
import dev.shunt.e2e.cluster.kubelet.Images.Image;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.EnvoyBinary;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The images of the pods that the steps run. Stateless. */
final class ClusterImages {
  /** As the chart names it. */
  private static final String SHUNT = "shunt";

  private ClusterImages() {}

  static Images all() {
    Path envoy = EnvoyBinary.path();
    return Images.none()
        .with(
            "envoyproxy/envoy",
            new Image(List.of(envoy.toString()), 0, List.of(envoy.getParent())))
        .with(SHUNT, shunt());
  }

  /** This very build, as the image's entrypoint starts it. */
  private static Image shunt() {
    Path java = Path.of(System.getProperty("java.home"));
    Stream<Path> classes =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .map(path -> path.toAbsolutePath().getParent())
            .distinct();
    return new Image(
        ShuntProgram.thisBuild().asNode().command(List.of()),
        0,
        Stream.concat(Stream.of(java), classes).toList());
  }
}
