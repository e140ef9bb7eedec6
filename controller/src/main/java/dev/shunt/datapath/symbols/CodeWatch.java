package dev.shunt.datapath.symbols;

import dev.shunt.datapath.symbols.ProcessMappings.Mapping;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which processes have mapped code of a kind, asked again and again. A process is looked at often
 * while it is young and when it begins another program, and seldom later: reading the mappings of
 * all processes each second would cost more than what is watched. One thread at a time.
 */
public final class CodeWatch {
  private static final Path PROC = Path.of("/proc");

  /** Programs map their libraries within so long after their start; some load more later. */
  private static final Duration YOUNG = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  /** Programs that were looked into. */
  private static final int PROGRAMS_MAX = 4096;

  private final Predicate<String> wanted;
  private final EmbeddedLibrary embedded;

  /** By identity of the file. */
  private final Map<String, Boolean> programs = new HashMap<>();

  private Map<Integer, Known> processes = new HashMap<>();

  /**
   * Prepares it.
   *
   * @param wanted asked with names of files, without their directories
   * @param embedded looked for in programs themselves
   */
  public CodeWatch(Predicate<String> wanted, EmbeddedLibrary embedded) {
    this.wanted = wanted;
    this.embedded = embedded;
  }

  /** What is known of a process. */
  private static final class Known {
    final String program;
    final long since;
    long lookedAt;
    List<CodeUse> uses = List.of();

    Known(String program, long now) {
      this.program = program;
      since = now;
    }

    boolean isDue(long now) {
      return now - since < YOUNG.toNanos() || now - lookedAt > LOOK_AGAIN.toNanos();
    }
  }

  /** Every process that has such code mapped now. Some milliseconds. */
  public List<CodeUse> look() {
    long now = System.nanoTime();
    Map<Integer, Known> seen = new HashMap<>();
    List<CodeUse> uses = new ArrayList<>();
    for (int pid : running()) {
      program(pid)
          .ifPresent(
              program -> {
                Known known = known(pid, program, now);
                seen.put(pid, known);
                uses.addAll(known.uses);
              });
    }
    processes = seen;
    return uses;
  }

  private Known known(int pid, String program, long now) {
    Known before = processes.get(pid);
    Known known =
        before != null && before.program.equals(program) ? before : new Known(program, now);
    if (known.isDue(now)) {
      known.lookedAt = now;
      known.uses = uses(pid, program);
    }
    return known;
  }

  private List<CodeUse> uses(int pid, String program) {
    List<CodeUse> uses = new ArrayList<>();
    for (Mapping mapping : ProcessMappings.read(pid).all()) {
      boolean isWanted = mapping.hasFile() && wanted.test(mapping.name());
      if (isWanted || mapping.path().equals(program)) {
        Path open = MappedFile.of(pid, mapping);
        MappedFile.identity(open)
            .filter(identity -> uses.stream().noneMatch(use -> use.identity().equals(identity)))
            .filter(identity -> isWanted || hasEmbedded(identity, open))
            .ifPresent(identity -> uses.add(new CodeUse(pid, identity, open, mapping.path())));
      }
    }
    return uses;
  }

  private boolean hasEmbedded(String identity, Path program) {
    if (programs.size() >= PROGRAMS_MAX) {
      programs.clear();
    }
    return programs.computeIfAbsent(identity, key -> embedded.isIn(program));
  }

  /** What it runs; empty: it has ended, or is a thread of the kernel. */
  private static Optional<String> program(int pid) {
    try {
      Path process = PROC.resolve(Integer.toString(pid));
      return Optional.of(Files.readSymbolicLink(process.resolve("exe")).toString());
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private static List<Integer> running() {
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        pids.add(Integer.parseInt(String.valueOf(entry.getFileName())));
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      return pids; // as far as it could be read
    }
    return pids;
  }
}
