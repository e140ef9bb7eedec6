package dev.shunt.agent.trace;

import dev.shunt.agent.trace.CodeFindings.Scope;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.UserCode;
import dev.shunt.datapath.programs.CodeProbes;
import dev.shunt.datapath.symbols.CodeUse;
import dev.shunt.datapath.symbols.CodeWatch;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps a module attached to the code that runs: once to each file, whoever has it mapped, or only
 * for one process where nobody wants to know of others. Any thread; a look may take a second, and
 * others wait for it.
 */
final class CodeFollower implements AutoCloseable {
  private final CodeKind kind;
  private final Function<Collection<Integer>, CodeWatch.Seen> watch;
  private final Function<UserCode, Runnable> attach;

  /** How to let go of them. */
  private final Map<Scope, Runnable> attached = new HashMap<>();

  /** Why the module is not attached. */
  private final Map<Scope, BpfException> refused = new HashMap<>();

  private boolean closed;

  /**
   * Attaches nothing yet.
   *
   * @param watch looks for code, that of the given processes first
   * @param attach throws {@link BpfException}, or returns how to let go
   */
  CodeFollower(
      CodeKind kind,
      Function<Collection<Integer>, CodeWatch.Seen> watch,
      Function<UserCode, Runnable> attach) {
    this.kind = kind;
    this.watch = watch;
    this.attach = attach;
  }

  /** Follows code of this host. */
  static CodeFollower of(CodeKind kind, CodeProbes probes) {
    return new CodeFollower(kind, kind.watch()::look, code -> probes.attach(code)::close);
  }

  /**
   * Attaches to what has come, and lets go of what is gone.
   *
   * @param pids of whom readers want to know; 0: of all
   * @throws IllegalStateException it is closed
   */
  synchronized CodeFindings follow(Collection<Integer> pids) {
    if (closed) {
      throw new IllegalStateException("the trace is ending; ask again");
    }
    Set<Integer> named = new HashSet<>(pids);
    named.remove(0);
    CodeWatch.Seen seen = watch.apply(named);
    Map<Scope, CodeUse> wanted = wanted(seen.uses(), pids);
    letGo(wanted.keySet());
    refused.keySet().retainAll(wanted.keySet());
    refused.values().removeIf(failed -> !CodeKind.isLasting(failed));
    wanted.forEach(
        (scope, use) -> {
          if (!attached.containsKey(scope) && !refused.containsKey(scope)) {
            attach(scope, use);
          }
        });
    named.removeIf(CodeFollower::isRunning);
    return new CodeFindings(kind, seen, attached.keySet(), refused, named);
  }

  private void letGo(Set<Scope> wanted) {
    attached
        .entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !wanted.contains(entry.getKey());
              if (isGone) {
                entry.getValue().run();
              }
              return isGone;
            });
  }

  private static Map<Scope, CodeUse> wanted(List<CodeUse> uses, Collection<Integer> pids) {
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

  /**
   * A file that could not be opened because its process has ended is tried again if others have it.
   */
  private void attach(Scope scope, CodeUse use) {
    try {
      attached.put(scope, attach.apply(new UserCode(use.open(), scope.pid())));
    } catch (BpfException failed) {
      if (isRunning(use.pid())) {
        refused.put(scope, failed);
      }
    }
  }

  private static boolean isRunning(int pid) {
    return ProcessHandle.of(pid).isPresent();
  }

  /** Lets go of all, after a look that is under way; nothing is attached any more. */
  @Override
  public synchronized void close() {
    closed = true;
    letGo(Set.of());
  }
}
