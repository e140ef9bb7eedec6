package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where maps, links and programs of one layout version are pinned: {@code <base>/v<layout>/maps},
 * {@code .../links} and {@code .../programs}. The layout version is part of the path, so a node
 * never opens maps of another layout. Facts about what is pinned are the names of empty directories
 * beside them ({@code build-0f3a9c5d17e2}): a bpffs holds no files. Immutable, thread-safe.
 */
public final class PinDirectory {
  /** {@code LAYOUT_VERSION} of layout.h. */
  public static final int LAYOUT_VERSION = 4;

  /** Mark: which build's programs are attached; set when a start has succeeded. */
  static final String BUILD = "build";

  /** Mark: which policies are in the maps. */
  static final String POLICY = "policy";

  private static final Pattern LAYOUT = Pattern.compile("[1-9][0-9]{0,8}");

  /** What the sockmap programs' directories begin with. */
  private static final String SOCKMAP = "v";

  private final Path base;
  private final String family;
  private final int layout;

  /** A directory on a bpffs, for the layout of this build; need not exist yet. */
  public PinDirectory(Path base) {
    this(base, SOCKMAP, LAYOUT_VERSION);
  }

  /**
   * A directory beside it for other programs, which have layout versions of their own.
   *
   * @param family what its name begins with, such as {@code connect-v}
   */
  PinDirectory(Path base, String family, int layout) {
    this.base = base;
    this.family = family;
    this.layout = layout;
  }

  /** The same directory for the layout that an object says it has. */
  PinDirectory of(BpfObject object) {
    Long version = object.btf().enumerators("layout_version").get("LAYOUT_VERSION");
    if (version == null) {
      throw new IllegalStateException("the BPF object of this build has no layout version");
    }
    return new PinDirectory(base, family, version.intValue());
  }

  /** Every layout version that has pins under a directory, lowest first. */
  static List<PinDirectory> all(Path base) {
    return all(base, SOCKMAP);
  }

  /** As {@link #all(Path)}, of other programs. */
  static List<PinDirectory> all(Path base, String family) {
    return names(base).stream()
        .filter(name -> name.startsWith(family))
        .map(name -> name.substring(family.length()))
        .filter(layout -> LAYOUT.matcher(layout).matches())
        .map(layout -> new PinDirectory(base, family, Integer.parseInt(layout)))
        .sorted((a, b) -> Integer.compare(a.layout, b.layout))
        .toList();
  }

  /** The other layout versions that have pins here. */
  List<PinDirectory> others() {
    return all(base, family).stream().filter(other -> other.layout != layout).toList();
  }

  /** The directory as given. */
  public Path base() {
    return base;
  }

  /** The layout version. */
  public int layout() {
    return layout;
  }

  private Path version() {
    return base.resolve(family + layout);
  }

  private Path maps() {
    return version().resolve("maps");
  }

  private Path programs() {
    return version().resolve("programs");
  }

  private Path links() {
    return version().resolve("links");
  }

  /** Pin of a map. */
  public Path map(String name) {
    return maps().resolve(name);
  }

  /** Pin of a link. */
  public Path link(String name) {
    return links().resolve(name);
  }

  /** Pin of a program that is attached nowhere. */
  public Path program(String name) {
    return programs().resolve(name);
  }

  /** Pins a program in the place of an earlier one of that name. */
  void pinProgram(String name, BpfProgram program) {
    make(programs());
    delete(program(name));
    program.pin(program(name));
  }

  /** True when a process has pinned maps here before. */
  public boolean hasMaps() {
    return Files.exists(map(MapNames.MEMBERS));
  }

  /** Makes the directories, for root only. */
  void create() {
    for (Path directory : List.of(base, version(), maps(), links())) {
      make(directory);
    }
  }

  private static void make(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        Files.setAttribute(directory, "unix:mode", 0700);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "make pin directory " + directory + " failed: " + failed.getMessage(), failed);
    }
  }

  /** Names of the pinned links. */
  List<String> linkNames() {
    return names(links());
  }

  /** Names of the pinned programs. */
  List<String> programNames() {
    return names(programs());
  }

  /** Names of the pinned maps. */
  List<String> mapNames() {
    return names(maps());
  }

  private static List<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException("list pins in " + directory + " failed", failed);
    }
  }

  /** The value of a mark; empty when there is none, or two: a process died between them. */
  Optional<String> marked(String mark) {
    List<String> values = marks(mark);
    return values.size() == 1
        ? Optional.of(values.get(0).substring(mark.length() + 1))
        : Optional.empty();
  }

  private List<String> marks(String mark) {
    return names(version()).stream().filter(name -> name.startsWith(mark + "-")).toList();
  }

  /** Sets a mark. Until the old value is gone there are two, which count as none. */
  void mark(String mark, String value) {
    String wanted = mark + "-" + value;
    make(version().resolve(wanted));
    for (String name : marks(mark)) {
      if (!name.equals(wanted)) {
        delete(version().resolve(name));
      }
    }
  }

  /** Removes a link's pin if it is there. */
  void unpinLink(String name) {
    delete(link(name));
  }

  /** Removes all pins of this layout version and the directories that are empty then. */
  void removeAll() {
    linkNames().forEach(this::unpinLink);
    programNames().forEach(name -> delete(program(name)));
    // a version without `members` counts as absent: the last to go
    mapNames().stream()
        .filter(name -> !name.equals(MapNames.MEMBERS))
        .map(this::map)
        .forEach(PinDirectory::delete);
    delete(map(MapNames.MEMBERS));
    for (String name : names(version())) {
      delete(version().resolve(name));
    }
    delete(version());
    delete(base);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException inUse) {
      return; // another layout version, or the user's own directory
    } catch (IOException failed) {
      throw new UncheckedIOException("remove pin " + path + " failed", failed);
    }
  }
}
