package dev.shunt.datapath.libbpf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A BPF program in the kernel.
 *
 * <p>Thread-safe. One from a {@link BpfObject} is closed with it; one opened by its pin or its
 * number is closed by whoever opened it. Attaching gives a {@link BpfLink}, but for sk_msg, which
 * older kernels attach without.
 */
public final class BpfProgram implements AutoCloseable {
  private static final int LINK_OPTIONS_BYTES = 64;
  private static final int LINK_INFO_BYTES = 16;

  /** {@code struct bpf_test_run_opts}. */
  private static final int RUN_OPTIONS_BYTES = 80;

  private final Libbpf libbpf;
  private final String name;
  private final Fd fd;
  private final int attachType;

  BpfProgram(Libbpf libbpf, String name, Fd fd, int attachType) {
    this.libbpf = libbpf;
    this.name = name;
    this.fd = fd;
    this.attachType = attachType;
  }

  /** The C function's name, or the pin it was opened by. */
  public String name() {
    return name;
  }

  /** The program's descriptor, closed with the program. */
  public Fd fd() {
    return fd;
  }

  /** The kernel's number of the program. */
  public int id() {
    return libbpf.programFacts(fd.number(), name).getInt(4);
  }

  /** Instructions the verifier walked through when the program was loaded. */
  public int verifiedInstructions() {
    return libbpf.programFacts(fd.number(), name).getInt(216);
  }

  /** Runs that the kernel left out, because the program was running on that CPU already. */
  public long misses() {
    return libbpf.programFacts(fd.number(), name).getLong(208);
  }

  /** Run time and runs so far, see {@link Libbpf#enableStats()}. */
  public ProgramUsage usage() {
    NativeBuffer info = libbpf.programFacts(fd.number(), name);
    return new ProgramUsage(info.getLong(192), info.getLong(200));
  }

  /** Makes the program outlive the process, under a path of a bpffs. */
  public void pin(Path path) {
    Libbpf.check(
        libbpf.calls().bpf_obj_pin(fd.number(), path.toString()),
        "pin program",
        name + " at " + path);
  }

  /** Attaches to a cgroup (a directory opened by {@link Linux#open}) where its section says. */
  public BpfLink attachCgroup(Fd cgroup) {
    return link(cgroup.number(), attachType, "to cgroup " + cgroup);
  }

  /** As {@link #attachCgroup(Fd)} for a program opened by its pin, which does not know where. */
  public BpfLink attachCgroup(Fd cgroup, AttachType type) {
    return link(cgroup.number(), type.number(), "to cgroup " + cgroup);
  }

  /** Attaches an iterator over all objects of its kind, e.g. {@code iter/tcp}. */
  public BpfLink attachIter() {
    return link(0, AttachType.TRACE_ITER.number(), "as iterator");
  }

  /** Attaches an iterator over a map, e.g. {@code iter/bpf_sk_storage_map}. */
  public BpfLink attachIter(BpfMap map) {
    NativeBuffer target = new NativeBuffer(LINK_INFO_BYTES).putInt(0, map.fd().number());
    return attachIter(target, "as iterator of map " + map.name());
  }

  /**
   * Attaches an iterator to one process, e.g. {@code iter/task_file}; kernel 6.1 and newer.
   *
   * @param pid process id in the caller's pid namespace
   */
  public BpfLink attachIterProcess(int pid) {
    NativeBuffer target = new NativeBuffer(LINK_INFO_BYTES).putInt(4, pid);
    return attachIter(target, "as iterator of process " + pid);
  }

  private BpfLink attachIter(NativeBuffer target, String where) {
    NativeBuffer options =
        new NativeBuffer(LINK_OPTIONS_BYTES)
            .putLong(0, LINK_OPTIONS_BYTES)
            .putLong(16, target.address())
            .putInt(24, LINK_INFO_BYTES);
    int link =
        libbpf
            .calls()
            .bpf_link_create(fd.number(), 0, AttachType.TRACE_ITER.number(), options.pointer());
    options.fence();
    target.fence();
    return linkOf(link, where);
  }

  /**
   * Attaches to a tracepoint, e.g. {@code syscalls}, {@code sys_enter_splice}. Needs tracefs, see
   * {@link Linux#tracefs()}.
   */
  public BpfLink attachTracepoint(String category, String tracepoint) {
    String where = "to tracepoint " + category + "/" + tracepoint;
    try (Fd event = Tracepoint.open(category, tracepoint)) {
      BpfLink link = link(event.number(), AttachType.PERF_EVENT.number(), where);
      Tracepoint.enable(event, where);
      return link;
    }
  }

  /**
   * Attaches to a software clock of each CPU that is online, which ticks while that CPU is not
   * idle.
   *
   * @param hertz ticks of a second
   */
  public List<BpfLink> attachClocks(int hertz) {
    List<BpfLink> links = new ArrayList<>();
    try {
      for (int cpu : Linux.onlineCpus()) {
        try (Fd clock = CpuClock.open(cpu, hertz)) {
          links.add(link(clock.number(), AttachType.PERF_EVENT.number(), "to " + clock));
        }
      }
      return links;
    } catch (RuntimeException failed) {
      links.forEach(BpfLink::close);
      throw failed;
    }
  }

  /** Attaches to a raw tracepoint, e.g. {@code sys_enter}. */
  public BpfLink attachRawTracepoint(String tracepoint) {
    return linkOf(
        libbpf.calls().bpf_raw_tracepoint_open(tracepoint, fd.number()),
        "to raw tracepoint " + tracepoint);
  }

  /** Attaches a fentry, fexit, tp_btf or LSM program where its section says. */
  public BpfLink attachTrace() {
    return linkOf(libbpf.calls().bpf_raw_tracepoint_open(null, fd.number()), "to its function");
  }

  /** Attaches an sk_msg program to the members of a SOCKHASH; lasts as long as the map does. */
  public void attachSkMsg(BpfMap sockhash) {
    Libbpf.check(
        libbpf
            .calls()
            .bpf_prog_attach(
                fd.number(), sockhash.fd().number(), AttachType.SK_MSG_VERDICT.number(), 0),
        "attach program",
        name + " to map " + sockhash.name());
  }

  /** Undoes {@link #attachSkMsg}; sockets that are members keep the program. */
  public void detachSkMsg(BpfMap sockhash) {
    Libbpf.check(
        libbpf
            .calls()
            .bpf_prog_detach2(
                fd.number(), sockhash.fd().number(), AttachType.SK_MSG_VERDICT.number()),
        "detach program",
        name + " from map " + sockhash.name());
  }

  /** Attaches for packets coming in at an interface of the calling thread's network namespace. */
  public TcAttachment attachTcIngress(int ifindex) {
    return attachTc(ifindex, TcAttachment.Spot.ADOPTION);
  }

  /** Attaches for packets of an interface of the calling thread's network namespace. */
  public TcAttachment attachTc(int ifindex, TcAttachment.Spot spot) {
    return TcAttachment.attach(libbpf, this, ifindex, spot);
  }

  /** As {@link #attachTc} the way of kernels before 6.6, which newer ones know too. */
  public TcAttachment attachClsact(int ifindex, TcAttachment.Spot spot) {
    return TcAttachment.clsact(libbpf, this, ifindex, spot);
  }

  /**
   * Attaches an XDP program to an interface of the calling thread's network namespace.
   *
   * @throws BpfException e.g. EBUSY: another program is there; EOPNOTSUPP: not in this mode
   */
  public BpfLink attachXdp(int ifindex, XdpMode mode) {
    NativeBuffer options =
        new NativeBuffer(LINK_OPTIONS_BYTES).putLong(0, LINK_OPTIONS_BYTES).putInt(8, mode.flag());
    int link =
        libbpf
            .calls()
            .bpf_link_create(fd.number(), ifindex, AttachType.XDP.number(), options.pointer());
    options.fence();
    return linkOf(link, "to interface " + ifindex + " (XDP, " + mode + ")");
  }

  /** Prepares runs of this program on packets of the caller's. */
  public PacketRun packetRun() {
    return new PacketRun(libbpf, this);
  }

  /**
   * Runs a raw tracepoint program in the calling thread, without its tracepoint ({@code
   * BPF_PROG_TEST_RUN}); kernel 5.10 and newer.
   *
   * @param times a system call each
   */
  public void run(int times) {
    NativeBuffer options = new NativeBuffer(RUN_OPTIONS_BYTES).putLong(0, RUN_OPTIONS_BYTES);
    for (int run = 0; run < times; run++) {
      Libbpf.check(
          libbpf.calls().bpf_prog_test_run_opts(fd.number(), options.pointer()),
          "run program",
          name);
    }
    options.fence();
  }

  private BpfLink link(int target, int type, String where) {
    return linkOf(libbpf.calls().bpf_link_create(fd.number(), target, type, null), where);
  }

  private BpfLink linkOf(int link, String where) {
    Libbpf.check(link, "attach program", name + " " + where);
    String what = "link of " + name;
    return new BpfLink(libbpf, what, Fd.owned(link, what));
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
