package dev.shunt.datapath.symbols;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The executable mappings of a process, as /proc/PID/maps has them (proc(5)). Immutable. */
final class ProcessMappings {
  private static final Pattern LINE =
      Pattern.compile(
          "([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\\d+)\\s*(.*)");

  /**
   * One of them.
   *
   * @param start first address
   * @param end behind the last one
   * @param offset of the file
   * @param identity device and inode
   * @param path as the process sees it; empty: no file
   */
  record Mapping(long start, long end, long offset, String identity, String path) {
    boolean hasFile() {
      return path.startsWith("/");
    }

    /** The last part of the path. */
    String name() {
      String name = path.replaceFirst(" \\(deleted\\)$", "");
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  private final List<Mapping> mappings;

  private ProcessMappings(List<Mapping> mappings) {
    this.mappings = List.copyOf(mappings);
  }

  /** Empty when the process has ended, or is a thread of the kernel. */
  static ProcessMappings read(int pid) {
    List<Mapping> mappings = new ArrayList<>();
    try {
      Path file = Path.of("/proc", Integer.toString(pid), "maps");
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        Matcher fields = LINE.matcher(line);
        if (fields.matches()) {
          mappings.add(
              new Mapping(
                  Long.parseUnsignedLong(fields.group(1), 16),
                  Long.parseUnsignedLong(fields.group(2), 16),
                  Long.parseUnsignedLong(fields.group(3), 16),
                  fields.group(4) + ":" + fields.group(5),
                  fields.group(6)));
        }
      }
    } catch (IOException ended) {
      return new ProcessMappings(List.of());
    }
    return new ProcessMappings(mappings);
  }

  List<Mapping> all() {
    return mappings;
  }

  Optional<Mapping> find(long address) {
    return mappings.stream()
        .filter(
            each ->
                Long.compareUnsigned(address, each.start()) >= 0
                    && Long.compareUnsigned(address, each.end()) < 0)
        .findFirst();
  }

  /** Whether it runs a JVM. */
  boolean hasJvm() {
    return mappings.stream().anyMatch(each -> each.name().equals("libjvm.so"));
  }
}
