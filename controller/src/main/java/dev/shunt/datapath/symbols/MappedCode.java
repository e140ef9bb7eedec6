package dev.shunt.datapath.symbols;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions of one file that processes have mapped. Immutable. */
final class MappedCode {
  private static final Logger LOG = LoggerFactory.getLogger(MappedCode.class);

  /** A file that is larger is looked at by its name only. */
  private static final long BYTES_MAX = 1L << 30;

  private static final Path DEBUG = Path.of("/usr/lib/debug");

  private final Path file;
  private final Optional<ElfSymbols> elf;
  private final SymbolTable table;

  private MappedCode(Path file, Optional<ElfSymbols> elf, SymbolTable table) {
    this.file = file;
    this.elf = elf;
    this.table = table;
  }

  /**
   * Reads a file, and the debug file that belongs to it where there is one.
   *
   * @param file as this process can open it
   * @param path as the process sees it that runs it
   * @param root of that process
   */
  static MappedCode read(Path file, Path path, Path root) {
    try {
      ElfSymbols elf = open(file);
      List<SymbolTable.Symbol> functions = new ArrayList<>(elf.functions());
      if (!elf.hasFullTable()) {
        debugFile(elf, path, root).ifPresent(debug -> functions.addAll(debug.functions()));
      }
      return new MappedCode(file, Optional.of(elf), new SymbolTable(functions));
    } catch (IOException | IllegalArgumentException | UncheckedIOException unreadable) {
      LOG.debug("read symbols of {} failed: {}", path, unreadable.getMessage());
      return new MappedCode(file, Optional.empty(), SymbolTable.EMPTY);
    }
  }

  private static ElfSymbols open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > BYTES_MAX) {
        throw new IOException("larger than " + BYTES_MAX + " bytes");
      }
      return new ElfSymbols(
          channel.map(MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  /** Where gdb looks for it, in the process's root and then in this one. */
  private static Optional<ElfSymbols> debugFile(ElfSymbols elf, Path path, Path root) {
    List<Path> places = new ArrayList<>();
    elf.buildId()
        .filter(id -> id.length() > 2)
        .ifPresent(
            id ->
                places.add(
                    DEBUG
                        .resolve(".build-id")
                        .resolve(id.substring(0, 2))
                        .resolve(id.substring(2) + ".debug")));
    Path folder = path.getParent();
    if (folder != null) {
      elf.debugLink()
          .ifPresent(
              name -> {
                places.add(folder.resolve(name));
                places.add(folder.resolve(".debug").resolve(name));
                places.add(DEBUG.resolve(Path.of("/").relativize(folder)).resolve(name));
              });
    }
    for (Path place : places) {
      for (Path candidate : List.of(root.resolve(Path.of("/").relativize(place)), place)) {
        Optional<ElfSymbols> debug = tryOpen(candidate, path);
        if (debug.isPresent()) {
          return debug;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ElfSymbols> tryOpen(Path candidate, Path path) {
    try {
      boolean isOther = Files.isRegularFile(candidate) && !candidate.equals(path);
      return isOther ? Optional.of(open(candidate)) : Optional.empty();
    } catch (IOException | IllegalArgumentException unreadable) {
      LOG.debug("read debug file {} failed: {}", candidate, unreadable.getMessage());
      return Optional.empty();
    }
  }

  /** As this process can open it while the process runs that was looked at first. */
  Path file() {
    return file;
  }

  /** The function at an offset of the file. */
  Optional<String> functionAt(long offset) {
    return elf.flatMap(known -> known.addressOf(offset)).flatMap(table::find);
  }
}
