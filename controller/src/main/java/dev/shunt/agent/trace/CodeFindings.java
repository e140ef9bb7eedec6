package dev.shunt.agent.trace;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.UserCode;
import dev.shunt.datapath.symbols.CodeUse;
import dev.shunt.datapath.symbols.CodeWatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of a look at the code that runs, in words for readers. Immutable; pure.
 *
 * @param kind of code
 * @param seen who has it mapped
 * @param attached where the module is attached
 * @param refused where it cannot be
 * @param ended processes that somebody wants to know of, and that have ended
 */
record CodeFindings(
    CodeKind kind,
    CodeWatch.Seen seen,
    Set<Scope> attached,
    Map<Scope, BpfException> refused,
    Set<Integer> ended) {

  /** A file, and for whom; {@link UserCode#EVERYBODY}: for all. */
  record Scope(String identity, int pid) {}

  CodeFindings {
    attached = Set.copyOf(attached);
    refused = Map.copyOf(refused);
    ended = Set.copyOf(ended);
  }

  private List<CodeUse> of(int pid) {
    return seen.uses().stream().filter(use -> use.pid() == pid).toList();
  }

  /** Why nothing of a process will be seen; empty: it is, or it may be later. */
  String refusal(int pid) {
    if (ended.contains(pid)) {
      return "find process %d failed: no such process (ESRCH/3); it has ended, nothing is traced"
          .formatted(pid);
    }
    List<CodeUse> own = of(pid);
    if (own.isEmpty()) {
      return seen.unfinished().contains(pid)
          ? ""
          : "find %s in process %d failed: it has none mapped".formatted(kind.one(), pid);
    }
    boolean lasts =
        own.stream().allMatch(use -> refusal(use, pid).filter(CodeKind::isLasting).isPresent());
    return lasts ? String.join("; ", refusals(pid)) : "";
  }

  /** Of one file, for one process or for all. */
  private Optional<BpfException> refusal(CodeUse use, int pid) {
    return Optional.ofNullable(refused.get(new Scope(use.identity(), pid)))
        .or(() -> Optional.ofNullable(refused.get(new Scope(use.identity(), UserCode.EVERYBODY))));
  }

  /**
   * What of that a reader is not shown.
   *
   * @param pid the process that it wants to know of; 0: all
   */
  List<String> refusals(int pid) {
    return pid == 0 ? refusals() : refusalsOf(pid);
  }

  private List<String> refusalsOf(int pid) {
    return of(pid).stream()
        .flatMap(use -> refusal(use, pid).map(failed -> text(use, failed)).stream())
        .toList();
  }

  /** One for each file, by the first process that has it. */
  private List<String> refusals() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (CodeUse use : seen.uses()) {
      refusal(use, UserCode.EVERYBODY)
          .ifPresent(failed -> texts.putIfAbsent(use.identity(), text(use, failed)));
    }
    return List.copyOf(texts.values());
  }

  private String text(CodeUse use, BpfException failed) {
    return "%s %s of process %d (%s) failed: %s; %s"
        .formatted(
            failed.operation(),
            failed.object(),
            use.pid(),
            use.path(),
            failed.reason(),
            kind.unseen(failed));
  }

  /** How many processes are watched. */
  String summary() {
    long count =
        seen.uses().stream()
            .filter(use -> attached.stream().anyMatch(at -> at.identity().equals(use.identity())))
            .map(CodeUse::pid)
            .distinct()
            .count();
    return "%s that are watched: %d; those that start are found within a second"
        .formatted(kind.many(), count);
  }
}
