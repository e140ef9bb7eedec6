package dev.shunt.datapath.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which processes hold BPF programs, links and maps open. Reads every descriptor of the host, some
 * microseconds each: ask it only when something new is there. Stateless.
 */
public final class BpfOwners {
  private static final Path PROC = Path.of("/proc");

  /**
   * Processes by what they hold, e.g. {@code cilium-agent (pid 812)}.
   *
   * @param programs by program id, through the program itself or a link to it
   * @param maps by map id
   */
  public record Holders(Map<Integer, String> programs, Map<Integer, String> maps) {}

  private BpfOwners() {}

  /** Looks at all processes now. What nobody holds lives by a pin or its attachment alone. */
  public static Holders find() {
    Holders holders = new Holders(new HashMap<>(), new HashMap<>());
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      processes.forEach(process -> look(process, holders));
    } catch (IOException unreadable) {
      return holders;
    }
    return holders;
  }

  /** Ids of the programs that this process holds open, through a link too. */
  public static Set<Integer> ownPrograms() {
    Holders holders = new Holders(new HashMap<>(), new HashMap<>());
    look(PROC.resolve(Long.toString(ProcessHandle.current().pid())), holders);
    return holders.programs().keySet();
  }

  private static void look(Path process, Holders holders) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (isBpf(file)) {
          String facts = text(process.resolve("fdinfo").resolve(file.getFileName().toString()));
          number(facts, "prog_id:")
              .ifPresent(id -> holders.programs().putIfAbsent(id, name(process)));
          number(facts, "map_id:").ifPresent(id -> holders.maps().putIfAbsent(id, name(process)));
        }
      }
    } catch (IOException ended) {
      return; // the process, meanwhile
    }
  }

  private static boolean isBpf(Path file) {
    try {
      String target = Files.readSymbolicLink(file).toString();
      return target.startsWith("anon_inode:bpf");
    } catch (IOException closed) {
      return false;
    }
  }

  private static Optional<Integer> number(String facts, String key) {
    return facts
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> Integer.parseUnsignedInt(line.substring(key.length()).strip()))
        .findFirst();
  }

  private static String name(Path process) {
    return "%s (pid %s)".formatted(text(process.resolve("comm")).strip(), process.getFileName());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException ended) {
      return "";
    }
  }
}
