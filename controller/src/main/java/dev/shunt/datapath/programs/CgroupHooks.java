package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.ProgramUsage;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs of the cgroup hooks and of the rare-syscall tracepoints. Guards go first and pairing
 * last: a connection is never paired while a guard is missing. Used by one thread at a time.
 */
final class CgroupHooks {
  private static final Logger LOG = LoggerFactory.getLogger(CgroupHooks.class);

  /** Attach order. */
  private static final Map<String, String> CGROUP_PROGRAMS =
      ordered(
          "guard_setsockopt", "cgroup/setsockopt",
          "guard_connect4", "cgroup/connect4",
          "guard_connect6", "cgroup/connect6",
          "pair", "cgroup/sock_ops");

  private static final Map<String, String> TRACE_PROGRAMS =
      ordered("trace_splice", "sys_enter_splice", "trace_ioctl", "sys_enter_ioctl");

  private static final String TRACE_URING = "trace_uring";

  /** Its names: since 6.3, and before. */
  private static final List<String> URING_TRACEPOINTS =
      List.of("io_uring_submit_req", "io_uring_submit_sqe");

  private final BpfObject object;
  private final PinnedLinks links;
  private final List<Path> cgroups;
  private final Map<Path, Long> idOfCgroup = new LinkedHashMap<>();
  private final Map<Path, String> cgroupErrors = new LinkedHashMap<>();
  private final Map<String, String> traceErrors = new LinkedHashMap<>();

  CgroupHooks(BpfObject object, PinnedLinks links, List<Path> cgroups) {
    this.object = object;
    this.links = links;
    this.cgroups = List.copyOf(cgroups);
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** Attaches to every cgroup; a failure leaves the caller to undo. */
  void attachCgroups(CgroupTree tree) {
    for (Path cgroup : cgroups) {
      attach(cgroup, tree.id(cgroup));
    }
  }

  private void attach(Path cgroup, long id) {
    try (Fd directory = Linux.open(cgroup)) {
      for (String name : CGROUP_PROGRAMS.keySet()) {
        BpfProgram program = object.program(name);
        links.attach(link(name, id), program, () -> program.attachCgroup(directory));
      }
    }
    idOfCgroup.put(cgroup, id);
  }

  private static String link(String program, long cgroup) {
    return program + "-" + cgroup;
  }

  /**
   * Attaches to cgroups again whose hooks were lost: removed and made anew under the same path, or
   * detached by another process.
   *
   * @param claim why a new cgroup may not be covered; empty when it may
   * @return whether anything was attached
   */
  boolean repair(CgroupTree tree, Function<Path, String> claim) {
    boolean attached = false;
    for (Path cgroup : cgroups) {
      String error = "the cgroup is gone; covered again when it is back";
      if (Files.isDirectory(cgroup)) {
        try {
          long id = tree.id(cgroup);
          boolean isNew = !Long.valueOf(id).equals(idOfCgroup.get(cgroup));
          error = isNew ? claim.apply(cgroup) : "";
          if (error.isEmpty() && !isCovered(cgroup, id)) {
            coverAgain(cgroup, id);
            attached = true;
          }
        } catch (BpfException | UncheckedIOException failed) {
          error = failed.getMessage() + "; tried again in a moment";
        }
      }
      tell(cgroup, error);
    }
    return attached;
  }

  private boolean isCovered(Path cgroup, long id) {
    return Long.valueOf(id).equals(idOfCgroup.get(cgroup))
        && CGROUP_PROGRAMS.keySet().stream().allMatch(name -> links.isAttached(link(name, id)));
  }

  private void coverAgain(Path cgroup, long id) {
    Long before = idOfCgroup.get(cgroup);
    if (before != null && before != id) {
      CGROUP_PROGRAMS.keySet().forEach(name -> links.detach(link(name, before)));
    }
    attach(cgroup, id);
  }

  private void tell(Path cgroup, String error) {
    String before = cgroupErrors.put(cgroup, error);
    if (error.equals(before == null ? "" : before)) {
      return;
    }
    if (error.isEmpty()) {
      LOG.info("cgroup {} is covered again", cgroup);
    } else {
      LOG.warn("cgroup {}: {}; its connections stay on TCP", cgroup, error);
    }
  }

  /** Attaches what watches for traits on every kernel. */
  void attachTraces() {
    attachTrace("trace_splice");
    for (String tracepoint : URING_TRACEPOINTS) {
      if (!links.has(TRACE_URING)) {
        BpfProgram program = object.program(TRACE_URING);
        attachTrace(TRACE_URING, () -> program.attachRawTracepoint(tracepoint));
      }
    }
  }

  /**
   * Attaches a tracepoint program, if this process has not done so yet. Without it a workload that
   * uses the call is not recognised: the node goes on and says so.
   */
  void attachTrace(String name) {
    if (links.has(name)) {
      return;
    }
    String tracepoint = TRACE_PROGRAMS.getOrDefault(name, "");
    BpfProgram program = object.program(name);
    attachTrace(name, () -> program.attachTracepoint("syscalls", tracepoint));
  }

  private void attachTrace(String name, Supplier<BpfLink> attach) {
    try {
      links.attachAnew(name, attach);
      traceErrors.remove(name);
    } catch (BpfException failed) {
      traceErrors.put(name, failed.getMessage());
    }
  }

  void detachTrace(String name) {
    links.detach(name);
  }

  /** Detaches what {@link #attachTraces} attached. */
  void detachTraces() {
    detachTrace("trace_splice");
    detachTrace(TRACE_URING);
  }

  List<HookState> states() {
    List<HookState> states = new ArrayList<>();
    CGROUP_PROGRAMS.forEach(
        (name, hook) -> {
          for (Path cgroup : cgroups) {
            String error = cgroupErrors.getOrDefault(cgroup, "");
            states.add(state(name, hook + " " + cgroup, error));
          }
        });
    TRACE_PROGRAMS.forEach(
        (name, tracepoint) -> {
          String hook = "tracepoint syscalls/" + tracepoint;
          states.add(state(name, hook, traceError(name)));
        });
    String uring = "raw tracepoint " + URING_TRACEPOINTS.get(0);
    states.add(state(TRACE_URING, uring, traceError(TRACE_URING)));
    states.add(state("redirect", "sk_msg of " + MapNames.MEMBERS, ""));
    return states;
  }

  private String traceError(String name) {
    return links.has(name) ? "" : traceErrors.getOrDefault(name, "not needed");
  }

  HookState state(String name, String hook, String error) {
    ProgramUsage usage = object.program(name).usage();
    return new HookState(name, hook, error, usage.runCount(), usage.runTimeNanos());
  }
}
