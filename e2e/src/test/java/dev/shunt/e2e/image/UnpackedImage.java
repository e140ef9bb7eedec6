package dev.shunt.e2e.image;

import dev.shunt.e2e.scene.SceneCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * An OCI image layout (image-spec 1.1, "OCI Image Layout") and the file system that its layers
 * give, one above the other. One thread.
 *
 * @param layout the folder that the tar file held
 * @param root the file system
 */
record UnpackedImage(Path layout, Path root) {
  private static final Duration UNPACK_LIMIT = Duration.ofMinutes(2);

  static UnpackedImage of(Path tar, Path folder) throws IOException {
    UnpackedImage image = new UnpackedImage(folder.resolve("layout"), folder.resolve("root"));
    unpack(tar, image.layout());
    for (Path layer : image.layers()) {
      unpack(layer, image.root());
    }
    return image;
  }

  private static void unpack(Path tar, Path folder) throws IOException {
    Files.createDirectories(folder);
    SceneCommand.run(
        List.of("tar", "-xpf", tar.toString(), "-C", folder.toString()), "", UNPACK_LIMIT);
  }

  /** The only manifest. */
  Map<?, ?> manifest() throws IOException {
    Map<?, ?> index = read(layout.resolve("index.json"));
    return read(blob((Map<?, ?>) list(index, "manifests").get(0)));
  }

  /** What a container runtime is told. */
  Map<?, ?> config() throws IOException {
    return read(blob(map(manifest(), "config")));
  }

  /** From the lowest to the highest. */
  List<Path> layers() throws IOException {
    List<Path> layers = new ArrayList<>();
    for (Object layer : list(manifest(), "layers")) {
      layers.add(blob((Map<?, ?>) layer));
    }
    return layers;
  }

  /** Files whose name is not their digest; empty when all is well. */
  List<String> wrongDigests() throws IOException {
    List<String> wrong = new ArrayList<>();
    try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        if (!String.valueOf(blob.getFileName()).equals(sha256(blob))) {
          wrong.add(blob.toString());
        }
      }
    }
    return wrong;
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IOException(impossible);
    }
  }

  /** The file that a descriptor points to; it has the size that is told. */
  private Path blob(Map<?, ?> descriptor) throws IOException {
    String digest = String.valueOf(descriptor.get("digest"));
    Path blob = layout.resolve("blobs/sha256").resolve(digest.substring("sha256:".length()));
    if (!String.valueOf(Files.size(blob)).equals(String.valueOf(descriptor.get("size")))) {
      throw new IOException(blob + " has another size than its descriptor " + descriptor);
    }
    return blob;
  }

  static List<?> list(Map<?, ?> object, String key) {
    return (List<?>) Objects.requireNonNull(object.get(key), key);
  }

  static Map<?, ?> map(Map<?, ?> object, String key) {
    return (Map<?, ?>) Objects.requireNonNull(object.get(key), key);
  }

  /** JSON is YAML. */
  static Map<?, ?> read(Path file) throws IOException {
    return (Map<?, ?>)
        new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
  }
}
