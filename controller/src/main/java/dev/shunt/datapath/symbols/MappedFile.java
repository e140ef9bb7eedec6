package dev.shunt.datapath.symbols;

import dev.shunt.datapath.symbols.ProcessMappings.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Files behind the mappings of processes. Stateless. */
final class MappedFile {
  private MappedFile() {}

  /** The file itself, also when its path leads to another or to none by now; else what is there. */
  static Path of(int pid, Mapping mapping) {
    Path process = Path.of("/proc", Integer.toString(pid));
    Path opened =
        process
            .resolve("map_files")
            .resolve(Long.toHexString(mapping.start()) + "-" + Long.toHexString(mapping.end()));
    Path named = process.resolve("root").resolve(Path.of("/").relativize(Path.of(mapping.path())));
    return !Files.isReadable(opened) && Files.isRegularFile(named, LinkOption.NOFOLLOW_LINKS)
        ? named
        : opened;
  }

  /**
   * Tells files apart. Not by device: the file of an image has another one in each container, and
   * is yet one file to the kernel. Number, size and time of the last change are of the file itself.
   */
  static Optional<String> identity(Path file) {
    try {
      Map<String, Object> facts = new TreeMap<>(Files.readAttributes(file, "unix:ino,size,ctime"));
      return Optional.of(facts.toString());
    } catch (IOException ended) {
      return Optional.empty();
    }
  }
}
