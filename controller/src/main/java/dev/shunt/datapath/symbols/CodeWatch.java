package dev.shunt.datapath.symbols;

import dev.shunt.datapath.symbols.ProcessMappings.Mapping;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

  /** Of programs, that one look reads: a fraction of a second. The next one goes on. */
  private static final long LOOK_BYTES = 128L << 20;

  private final Predicate<String> wanted;
  private final EmbeddedLibrary embedded;

  /** By identity of the file. */
  private final Map<String, TextSearch> programs = new HashMap<>();

  private Map<Integer, Known> processes = new HashMap<>();
  private long room;

  /**
   * What a look has found.
   *
   * @param uses of code of this kind, by process
   * @param unfinished processes whose programs were not read to their ends yet
   */
  public record Seen(List<CodeUse> uses, Set<Integer> unfinished) {
    /** Copies both. */
    public Seen {
      uses = List.copyOf(uses);
      unfinished = Set.copyOf(unfinished);
    }
  }

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
    boolean unfinished;
    List<CodeUse> uses = List.of();

    Known(String program, long now) {
      this.program = program;
      since = now;
    }

    boolean isDue(long now) {
      return unfinished || now - since < YOUNG.toNanos() || now - lookedAt > LOOK_AGAIN.toNanos();
    }
  }

  /**
   * Every process that has such code mapped now. Some milliseconds, and longer while there are
   * programs that were not looked into yet.
   *
   * @param first processes that somebody waits for
   */
  public Seen look(Collection<Integer> first) {
    long now = System.nanoTime();
    room = LOOK_BYTES;
    Map<Integer, Known> seen = new HashMap<>();
    List<CodeUse> uses = new ArrayList<>();
    Set<Integer> pids = new LinkedHashSet<>(first);
    pids.addAll(running());
    for (int pid : pids) {
      program(pid)
          .ifPresent(
              program -> {
                Known known = known(pid, program, now);
                seen.put(pid, known);
                uses.addAll(known.uses);
              });
    }
    processes = seen;
    return new Seen(uses, unfinished());
  }

  private Set<Integer> unfinished() {
    return processes.entrySet().stream()
        .filter(process -> process.getValue().unfinished)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private Known known(int pid, String program, long now) {
    Known before = processes.get(pid);
    Known known =
        before != null && before.program.equals(program) ? before : new Known(program, now);
    if (known.isDue(now)) {
      known.lookedAt = now;
      known.unfinished = false;
      known.uses = uses(pid, known);
    }
    return known;
  }

  private List<CodeUse> uses(int pid, Known known) {
    List<CodeUse> uses = new ArrayList<>();
    for (Mapping mapping : ProcessMappings.read(pid).all()) {
      boolean isWanted = mapping.hasFile() && wanted.test(mapping.name());
      if (isWanted || mapping.path().equals(known.program)) {
        Path open = MappedFile.of(pid, mapping);
        MappedFile.identity(open)
            .filter(identity -> uses.stream().noneMatch(use -> use.identity().equals(identity)))
            .filter(identity -> isWanted || hasEmbedded(identity, open, known))
            .ifPresent(identity -> uses.add(new CodeUse(pid, identity, open, mapping.path())));
      }
    }
    return uses;
  }

  private boolean hasEmbedded(String identity, Path program, Known known) {
    if (programs.size() >= PROGRAMS_MAX) {
      programs.clear();
    }
    TextSearch search = programs.computeIfAbsent(identity, key -> embedded.search());
    try {
      room -= search.advance(program, room);
    } catch (IOException ended) {
      return false; // not known; another process that runs it may tell
    }
    known.unfinished |= search.answer() == TextSearch.Answer.UNFINISHED;
    return search.answer() == TextSearch.Answer.FOUND;
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
