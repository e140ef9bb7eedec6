package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A volume whose files change together: each set of files is a folder of its own, the link {@code
 * ..data} names the one in force, and the files are links through it. Kubelets do the same
 * (pkg/volume/util/atomic_writer.go), and programs that reload depend on it. One thread.
 */
final class AtomicFolder {
  private static final String CURRENT = "..data";

  private final Path folder;
  private Map<String, Entry> written = new TreeMap<>();
  private int version;

  /**
   * A file.
   *
   * @param bytes what is in it
   * @param mode of its permissions, such as 0644
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by isSame only
  record Entry(byte[] bytes, int mode) {
    boolean isSame(Entry other) {
      return mode == other.mode && Arrays.equals(bytes, other.bytes);
    }
  }

  AtomicFolder(Path folder) {
    this.folder = folder;
  }

  /** Brings these files into force, all at once; does nothing when they are in force already. */
  void write(Map<String, Entry> entries) {
    if (version > 0 && isSame(entries)) {
      return;
    }
    try {
      Path fresh = folder.resolve("..version-" + ++version);
      for (Map.Entry<String, Entry> each : entries.entrySet()) {
        Path file = fresh.resolve(each.getKey());
        Files.createDirectories(file.getParent());
        Files.write(file, each.getValue().bytes());
        Files.setPosixFilePermissions(file, permissions(each.getValue().mode()));
      }
      Files.createDirectories(fresh);
      Path link = folder.resolve("..data-new");
      Files.createSymbolicLink(link, fresh.getFileName());
      Files.move(link, folder.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
      link(entries);
      SceneDirectory.existing(folder.resolve("..version-" + (version - 1))).close();
      written = new TreeMap<>(entries);
    } catch (IOException e) {
      throw new SceneException("write volume " + folder + " failed: " + e, e);
    }
  }

  private boolean isSame(Map<String, Entry> entries) {
    return written.keySet().equals(entries.keySet())
        && entries.entrySet().stream()
            .allMatch(
                each -> {
                  Entry old = written.get(each.getKey());
                  return old != null && each.getValue().isSame(old);
                });
  }

  private void link(Map<String, Entry> entries) throws IOException {
    for (String name : entries.keySet()) {
      Path top = Path.of(name).getName(0);
      Path link = folder.resolve(top);
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, Path.of(CURRENT).resolve(top));
      }
    }
    for (String name : written.keySet()) {
      if (!entries.containsKey(name)) {
        Path top = Path.of(name).getName(0);
        if (!Files.exists(folder.resolve(CURRENT).resolve(top))) {
          Files.deleteIfExists(folder.resolve(top));
        }
      }
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's read on
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }
}
