package dev.shunt.datapath.libbpf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which programs are attached where, whoever attached them. Thread-safe; interfaces are those of
 * the calling thread's network namespace.
 */
public final class AttachedPrograms {
  /**
   * As many as the kernel allows on one cgroup (BPF_CGROUP_MAX_PROGS, 64), and on one tcx entry.
   */
  private static final int MOST = 64;

  private final Libbpf libbpf;

  /** Asks through a library. */
  public AttachedPrograms(Libbpf libbpf) {
    this.libbpf = libbpf;
  }

  /** Ids of the programs that a cgroup itself has at a hook, not those of the cgroups above it. */
  public List<Integer> ofCgroup(Fd cgroup, AttachType type) {
    return query(cgroup.number(), type, "cgroup " + cgroup);
  }

  /** Ids of the programs at a tcx hook; empty on kernels without tcx. */
  public List<Integer> ofInterface(int ifindex, AttachType type) {
    return query(ifindex, type, "interface " + ifindex);
  }

  private List<Integer> query(int target, AttachType type, String where) {
    NativeBuffer ids = new NativeBuffer(MOST * Integer.BYTES);
    NativeBuffer count = new NativeBuffer(Integer.BYTES).putInt(0, MOST);
    NativeBuffer flags = new NativeBuffer(Integer.BYTES);
    int result =
        libbpf
            .calls()
            .bpf_prog_query(
                target, type.number(), 0, flags.pointer(), ids.pointer(), count.pointer());
    ids.fence();
    count.fence();
    flags.fence();
    boolean absent =
        result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP || result == -Errno.ENOENT;
    if (absent) {
      return List.of(); // this kernel has no such hook, or nothing was ever attached
    }
    Libbpf.check(result, "list programs", "of " + where);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < count.getInt(0); i++) {
      found.add(ids.getInt(i * Integer.BYTES));
    }
    return found;
  }

  /** Id of the XDP program of an interface. */
  public OptionalInt xdp(int ifindex) {
    NativeBuffer id = new NativeBuffer(Integer.BYTES);
    int result = libbpf.calls().bpf_xdp_query_id(ifindex, 0, id.pointer());
    id.fence();
    return result < 0 || id.getInt(0) == 0 ? OptionalInt.empty() : OptionalInt.of(id.getInt(0));
  }

  /** Ids of the BPF filters of an interface's clsact. */
  public List<Integer> filters(int ifindex, TcFilters.Direction direction) {
    return TcFilters.of(ifindex, direction);
  }

  /** What is known of a program; empty when it is gone. */
  public Optional<LoadedProgram> program(int id) {
    return libbpf.program(id);
  }

  /** Every map of the host. */
  public List<LoadedMap> maps() {
    return libbpf.maps();
  }
}
