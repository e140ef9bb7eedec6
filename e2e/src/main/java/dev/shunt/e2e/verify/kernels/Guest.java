package dev.shunt.e2e.verify.kernels;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One boot of a kernel in QEMU, without KVM, network or disk: lines come back through the second
 * serial port. One thread; blocks until the guest powers off.
 */
final class Guest {
  /** A guest emulated on a busy machine. */
  private static final Duration LIMIT = Duration.ofMinutes(9);

  /** A register dump and a call trace. */
  private static final int CONSOLE_LINES = 60;

  private final Path directory;
  private final Path archive;

  /**
   * @param directory for files of the run
   * @param archive of {@link GuestArchive#pack()}
   */
  Guest(Path directory, Path archive) {
    this.directory = directory;
    this.archive = archive;
  }

  /**
   * Boots and waits for the end.
   *
   * @return what the guest reported, perhaps cut short
   */
  List<String> run(KernelStore.Kernel kernel) {
    Path own = directory.resolve(kernel.release());
    Path initrd = own.resolve("initrd");
    Path results = own.resolve("results");
    try {
      Files.createDirectories(own);
      join(initrd, kernel.modules(), archive);
      try (SceneProcess qemu =
          SceneProcess.start("qemu", argv(kernel, initrd, own), own.resolve("qemu.log"))) {
        int code = qemu.awaitExit(LIMIT);
        if (code != 0) {
          throw new SceneException("run guest " + kernel.release() + " failed: " + qemu.logTail());
        }
      }
      return withConsole(Files.readAllLines(results), own.resolve("console"));
    } catch (IOException failed) {
      throw new SceneException("run guest " + kernel.release() + " failed: " + failed, failed);
    } finally {
      discard(initrd);
    }
  }

  /** A guest that did not reach the end says why on its console only. */
  private static List<String> withConsole(List<String> lines, Path console) throws IOException {
    if (lines.stream().anyMatch(line -> line.startsWith("end\t"))) {
      return lines;
    }
    List<String> said = Files.readAllLines(console, StandardCharsets.ISO_8859_1);
    List<String> all = new ArrayList<>(lines);
    for (String line : said.subList(Math.max(0, said.size() - CONSOLE_LINES), said.size())) {
      all.add("failed\tconsole: " + line.replaceAll("\\p{Cntrl}", ""));
    }
    return all;
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new SceneException("delete " + file + " failed: " + failed, failed);
    }
  }

  private static void join(Path target, Path... parts) throws IOException {
    try (OutputStream out = Files.newOutputStream(target)) {
      for (Path part : parts) {
        Files.copy(part, out);
      }
    }
  }

  private static List<String> argv(KernelStore.Kernel kernel, Path initrd, Path own) {
    return List.of(
        "qemu-system-x86_64",
        "-machine",
        "q35",
        "-accel",
        // One thread for both processors: with two, QEMU 7.2 lets one run into the breakpoint that
        // the
        // other has just removed from patched code ("Oops: int3", one boot in six on 6.12).
        "tcg,thread=single",
        "-cpu",
        "Nehalem", // no wide vectors: the JVM would use them, and they are slow to emulate
        "-smp",
        "2",
        "-m",
        "1536",
        "-nodefaults",
        "-no-user-config",
        "-nographic",
        "-no-reboot",
        "-kernel",
        kernel.vmlinuz().toString(),
        "-initrd",
        initrd.toString(),
        "-append",
        // BPF programs may sit at LSM hooks only where the list names them.
        "console=ttyS0 quiet panic=-1 mitigations=off lsm=landlock,lockdown,yama,bpf",
        "-serial",
        "file:" + own.resolve("console"),
        "-serial",
        "file:" + own.resolve("results"));
  }
}
