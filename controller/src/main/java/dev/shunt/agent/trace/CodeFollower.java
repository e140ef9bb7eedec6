package dev.shunt.agent.trace;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.UserCode;
import dev.shunt.datapath.programs.CodeProbes;
import dev.shunt.datapath.symbols.CodeUse;
import dev.shunt.datapath.symbols.CodeWatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a module attached to the code that runs: once to each file, whoever has it mapped, or only
 * for one process where nobody wants to know of others. One thread at a time.
 */
final class CodeFollower {
  private final CodeKind kind;
  private final CodeProbes probes;
  private final CodeWatch watch;
  private final Map<Scope, CodeProbes.Attachment> attached = new HashMap<>();

  /** Why the module is not attached. */
  private final Map<Scope, String> refused = new HashMap<>();

  private List<CodeUse> uses = List.of();

  CodeFollower(CodeKind kind, CodeProbes probes) {
    this.kind = kind;
    this.probes = probes;
    watch = kind.watch();
  }

  /** A file, and for whom; {@link UserCode#EVERYBODY}: for all. */
  private record Scope(String identity, int pid) {}

  /**
   * Attaches to what has come, and lets go of what is gone.
   *
   * @param pids of whom readers want to know; 0: of all
   * @return what readers of all should know, one line each
   */
  List<String> follow(Collection<Integer> pids) {
    uses = watch.look();
    Map<Scope, CodeUse> wanted = wanted(pids);
    refused.keySet().retainAll(wanted.keySet());
    attached
        .entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !wanted.containsKey(entry.getKey());
              if (isGone) {
                entry.getValue().close();
              }
              return isGone;
            });
    List<String> news = new ArrayList<>();
    wanted.forEach(
        (scope, use) -> {
          if (!attached.containsKey(scope) && !refused.containsKey(scope)) {
            attach(scope, use, news);
          }
        });
    return news;
  }

  private Map<Scope, CodeUse> wanted(Collection<Integer> pids) {
    Map<Scope, CodeUse> wanted = new LinkedHashMap<>();
    Set<String> ofAll = new HashSet<>();
    if (pids.contains(0)) {
      for (CodeUse use : uses) {
        wanted.putIfAbsent(new Scope(use.identity(), UserCode.EVERYBODY), use);
        ofAll.add(use.identity());
      }
    }
    for (CodeUse use : uses) {
      if (pids.contains(use.pid()) && !ofAll.contains(use.identity())) {
        wanted.put(new Scope(use.identity(), use.pid()), use);
      }
    }
    return wanted;
  }

  private void attach(Scope scope, CodeUse use, List<String> news) {
    try {
      attached.put(scope, probes.attach(new UserCode(use.open(), scope.pid())));
    } catch (BpfException failed) {
      if (ProcessHandle.of(use.pid()).isPresent()) {
        String text =
            "process %d (%s): %s; %s"
                .formatted(use.pid(), use.path(), failed.getMessage(), kind.unseen());
        refused.put(scope, text);
        news.add(text);
      }
    }
  }

  /** Why nothing of a process is seen; empty: it is. */
  String refusal(int pid) {
    List<CodeUse> own = uses.stream().filter(use -> use.pid() == pid).toList();
    if (own.isEmpty()) {
      return "find %s in process %d failed: it has none mapped".formatted(kind.one(), pid);
    }
    boolean isSeen =
        own.stream()
            .anyMatch(
                use ->
                    attached.containsKey(new Scope(use.identity(), pid))
                        || attached.containsKey(new Scope(use.identity(), UserCode.EVERYBODY)));
    return isSeen ? "" : String.join("; ", refusals());
  }

  /** Why nothing is seen of some. */
  List<String> refusals() {
    return List.copyOf(refused.values());
  }

  /** How many processes are watched. */
  String summary() {
    Set<String> files = new HashSet<>();
    attached.keySet().forEach(scope -> files.add(scope.identity()));
    long count =
        uses.stream()
            .filter(use -> files.contains(use.identity()))
            .map(CodeUse::pid)
            .distinct()
            .count();
    return "%s that are watched: %d; those that start are found within a second"
        .formatted(kind.many(), count);
  }
}
