package dev.shunt.e2e.verify.kernels;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kernels fetched with apt, each unpacked once below the user's cache folder under the name of its
 * package file, which holds its version. One thread; fetching blocks.
 */
final class KernelStore {
  private final Path folder;
  private final Path unpacker;

  /**
   * @param folder where kernels stay from run to run
   * @param scripts where {@code modules.sh} is
   */
  KernelStore(Path folder, Path scripts) {
    this.folder = folder;
    unpacker = scripts.resolve("modules.sh");
  }

  /** {@code shunt/kernels} below {@code XDG_CACHE_HOME}, by default {@code ~/.cache}. */
  static Path defaultFolder() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("shunt").resolve("kernels");
  }

  /**
   * A kernel ready to boot.
   *
   * @param vmlinuz the compressed kernel
   * @param modules an archive of its modules
   */
  record Kernel(String release, Path vmlinuz, Path modules) {}

  /** What apt offers; its package lists are fetched when it knows no kernel at all. */
  KernelCatalog catalog() {
    KernelCatalog known = search();
    if (!known.releases().isEmpty()) {
      return known;
    }
    ToolRun.lines(folder, "apt-get-update", List.of("apt-get", "update", "-q"));
    return search();
  }

  private KernelCatalog search() {
    return KernelCatalog.parse(
        ToolRun.lines(
            folder, "apt-cache", List.of("apt-cache", "search", "--names-only", "^linux-image-")));
  }

  /**
   * Fetches and unpacks what is not there yet.
   *
   * @throws SceneException when apt cannot fetch it
   */
  Kernel fetch(String release) {
    Path own = folder.resolve(release);
    Optional<Path> unpacked = unpackedIn(own);
    if (unpacked.isEmpty()) {
      Path fresh = own.resolve("download");
      ToolRun.lines(
          own,
          "apt-get-download",
          List.of(
              "sh",
              "-c",
              "mkdir -p \"$0\" && cd \"$0\" && exec apt-get download -q \"$1\"",
              fresh.toString(),
              "linux-image-" + release));
      unpack(own, packageIn(fresh));
      unpacked = unpackedIn(own);
    }
    Path kernel =
        unpacked.orElseThrow(() -> new SceneException("unpack kernel " + release + " failed"));
    return new Kernel(release, kernel.resolve("vmlinuz"), kernel.resolve("modules.cpio"));
  }

  private void unpack(Path own, Path deb) {
    String name = String.valueOf(deb.getFileName()).replaceAll("\\.deb$", "") + suffix();
    ToolRun.lines(
        own,
        "modules",
        List.of("bash", unpacker.toString(), deb.toString(), own.resolve(name).toString()));
    try {
      Files.delete(deb);
    } catch (IOException failed) {
      throw new SceneException("delete " + deb + " failed: " + failed, failed);
    }
  }

  private static Path packageIn(Path directory) {
    return list(directory)
        .filter(file -> file.toString().endsWith(".deb"))
        .findFirst()
        .orElseThrow(() -> new SceneException("apt-get download left no package in " + directory));
  }

  /** Another list of modules is another archive. */
  private String suffix() {
    try {
      return "-" + Integer.toHexString(Files.readString(unpacker).hashCode());
    } catch (IOException failed) {
      throw new SceneException("read " + unpacker + " failed: " + failed, failed);
    }
  }

  /** The modules' archive is written last: a folder that has it is whole. */
  private Optional<Path> unpackedIn(Path own) {
    String suffix = suffix();
    return list(own)
        .filter(each -> each.toString().endsWith(suffix))
        .filter(each -> Files.exists(each.resolve("modules.cpio")))
        .findFirst();
  }

  private static Stream<Path> list(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList().stream();
    } catch (IOException failed) {
      throw new SceneException("list " + directory + " failed: " + failed, failed);
    }
  }
}
