package dev.shunt.e2e.verify.kernels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs on every kernel: scripts, C programs linked statically, and this build packed as an
 * initramfs. Immutable once made; making it blocks for some seconds.
 */
final class GuestArchive {
  private static final String GUEST_SOURCES = "/dev/shunt/e2e/guest";
  private static final String PEER_SOURCES = "/dev/shunt/e2e/peers";
  private static final RunSettings IN_GUEST =
      new RunSettings(
          "matrix",
          Path.of("/tmp/matrix"),
          Path.of("/sys/fs/cgroup/matrix"),
          Path.of("/guest"),
          Path.of("/usr/sbin/ip"),
          19464);

  private final Path directory;

  private GuestArchive(Path directory) {
    this.directory = directory;
  }

  /**
   * Builds the programs below {@code directory}.
   *
   * @param cases the lines of the list of cases
   * @throws dev.shunt.e2e.scene.SceneException when a compiler or packer fails
   */
  static GuestArchive prepare(Path directory, List<String> cases) {
    GuestArchive made = new GuestArchive(directory);
    GuestFiles.extract(GUEST_SOURCES, made.scripts());
    GuestFiles.extract(PEER_SOURCES, directory.resolve("peers"));
    made.compile();
    for (String object : RunSettings.OBJECTS) {
      GuestFiles.copy("/bpf/" + object, made.programs().resolve(RunSettings.fileOf(object)));
    }
    GuestFiles.write(made.programs().resolve("cases"), String.join("\n", cases) + "\n");
    return made;
  }

  private void compile() {
    Path built = programs();
    ToolRun.lines(
        built,
        "make-peers",
        List.of(
            "make",
            "-C",
            directory.resolve("peers").toString(),
            "BUILD=" + built,
            "CFLAGS=-O2 -static"));
    link(built, "shunt-load", List.of("-lbpf", "-lelf", "-lz"));
    link(built, "try-connect", List.of());
  }

  private void link(Path built, String program, List<String> libraries) {
    List<String> argv = new ArrayList<>(List.of("gcc", "-O2", "-D_GNU_SOURCE", "-static", "-o"));
    argv.add(built.resolve(program).toString());
    argv.add(scripts().resolve(program + ".c").toString());
    argv.addAll(libraries);
    ToolRun.lines(built, "make-" + program, argv);
  }

  /** Packs the initramfs, once for all kernels. */
  Path pack() {
    Path archive = directory.resolve("base.cpio");
    Path settings = directory.resolve("guest-settings");
    GuestFiles.write(settings, IN_GUEST.text());
    List<String> argv = new ArrayList<>();
    argv.add("bash");
    argv.add(scripts().resolve("pack.sh").toString());
    argv.add(archive.toString());
    argv.add(System.getProperty("java.home"));
    argv.add(settings.toString());
    argv.add(programs().toString());
    argv.addAll(RunSettings.buildFiles());
    ToolRun.lines(directory, "pack", argv);
    return archive;
  }

  /** {@code init}, {@code matrix.sh} and the packers. */
  Path scripts() {
    return directory.resolve("guest");
  }

  /** The loader, the peers, what tries connect rules, the BPF object and the list of cases. */
  Path programs() {
    return directory.resolve("programs");
  }
}
