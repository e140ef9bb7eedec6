package dev.shunt.datapath.libbpf;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program on the ingress or egress of an interface: a tcx link, or a clsact filter where the
 * kernel (older than 6.6) has no tcx.
 *
 * <p>Used by one thread at a time, in the network namespace of the interface. A link ends with its
 * last descriptor or pin; a filter stays until {@link #detach()} or the interface goes.
 */
public final class TcAttachment implements AutoCloseable {
  private static final int BOTH_WAYS = 3;
  private static final int REPLACE = 1;

  /** Fixed, so that a second attach replaces the first and a restarted process can detach. */
  private static final int FILTER_HANDLE = 1;

  private static final int LINK_OPTIONS_BYTES = 64;
  private static final int HOOK_BYTES = 24;
  private static final int OPTIONS_BYTES = 32;

  /** {@code BPF_F_BEFORE}: without a reference point, at the head. */
  private static final int BEFORE = 1 << 3;

  /** What is attached, and so which way and in what order. */
  public enum Spot {
    /** Adoption: after the packet filters, so that what they drop is not adopted from. */
    ADOPTION(AttachType.TCX_INGRESS, 1, 0x5348),
    /** Packet filter for packets that come in. */
    FILTER_INGRESS(AttachType.TCX_INGRESS, 1, 0x5347),
    /** Packet filter for packets that go out. */
    FILTER_EGRESS(AttachType.TCX_EGRESS, 2, 0x5347);

    private final AttachType tcx;

    /** {@code enum bpf_tc_attach_point} of libbpf. */
    private final int clsact;

    private final int priority;

    Spot(AttachType tcx, int clsact, int priority) {
      this.tcx = tcx;
      this.clsact = clsact;
      this.priority = priority;
    }
  }

  /** Whether the queueing discipline of a filter was there before. */
  private enum Qdisc {
    FOUND,
    MADE
  }

  private final Libbpf libbpf;
  private final int ifindex;
  private final @Nullable BpfLink link;
  private final Qdisc qdisc;
  private final Spot spot;

  private TcAttachment(Libbpf libbpf, int ifindex, @Nullable BpfLink link, Qdisc qdisc, Spot spot) {
    this.libbpf = libbpf;
    this.ifindex = ifindex;
    this.link = link;
    this.qdisc = qdisc;
    this.spot = spot;
  }

  static TcAttachment attach(Libbpf libbpf, BpfProgram program, int ifindex, Spot spot) {
    String what = program.name() + " to interface " + ifindex;
    NativeBuffer options =
        new NativeBuffer(LINK_OPTIONS_BYTES)
            .putLong(0, LINK_OPTIONS_BYTES)
            .putInt(8, spot == Spot.ADOPTION ? 0 : BEFORE);
    int result =
        libbpf
            .calls()
            .bpf_link_create(program.fd().number(), ifindex, spot.tcx.number(), options.pointer());
    options.fence();
    if (result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP) {
      return clsact(libbpf, program, ifindex, spot);
    }
    Libbpf.check(result, "attach program", what);
    String name = "tcx link of " + what;
    BpfLink link = new BpfLink(libbpf, name, Fd.owned(result, name));
    return new TcAttachment(libbpf, ifindex, link, Qdisc.FOUND, spot);
  }

  /** The way of kernels before 6.6. */
  static TcAttachment clsact(Libbpf libbpf, BpfProgram program, int ifindex, Spot spot) {
    NativeBuffer hook = hook(ifindex, spot.clsact);
    int made = libbpf.calls().bpf_tc_hook_create(hook.pointer());
    if (made != -Errno.EEXIST) {
      Libbpf.check(made, "add clsact", "to interface " + ifindex);
    }
    NativeBuffer options = filter(spot);
    options.putInt(8, program.fd().number()).putInt(12, REPLACE);
    int result = libbpf.calls().bpf_tc_attach(hook.pointer(), options.pointer());
    hook.fence();
    options.fence();
    Libbpf.check(result, "attach program", program.name() + " to clsact of interface " + ifindex);
    return new TcAttachment(libbpf, ifindex, null, made == 0 ? Qdisc.MADE : Qdisc.FOUND, spot);
  }

  private static NativeBuffer hook(int ifindex, int attachPoint) {
    return new NativeBuffer(HOOK_BYTES)
        .putLong(0, HOOK_BYTES)
        .putInt(8, ifindex)
        .putInt(12, attachPoint);
  }

  private static NativeBuffer filter(Spot spot) {
    return new NativeBuffer(OPTIONS_BYTES)
        .putLong(0, OPTIONS_BYTES)
        .putInt(20, FILTER_HANDLE)
        .putInt(24, spot.priority);
  }

  /** The tcx link, to pin or to update; empty for a clsact filter. */
  public Optional<BpfLink> link() {
    return Optional.ofNullable(link);
  }

  /** Index of the interface in its network namespace. */
  public int ifindex() {
    return ifindex;
  }

  /**
   * Ends the attachment, and removes the clsact discipline if attaching made it.
   *
   * @throws BpfException e.g. ENODEV: the interface is gone, and the attachment with it
   */
  public void detach() {
    if (link != null) {
      link.detach();
      link.close();
      return;
    }
    detachClsact(libbpf, ifindex, spot);
    if (qdisc == Qdisc.MADE && spot == Spot.ADOPTION) {
      NativeBuffer hook = hook(ifindex, BOTH_WAYS);
      int result = libbpf.calls().bpf_tc_hook_destroy(hook.pointer());
      hook.fence();
      Libbpf.check(result, "remove clsact", "of interface " + ifindex);
    }
  }

  /**
   * Removes a clsact filter that an earlier process left on an interface of the calling thread's
   * network namespace.
   *
   * @return whether there was one
   */
  public static boolean removeLeftOver(Libbpf libbpf, int ifindex, Spot spot) {
    try {
      detachClsact(libbpf, ifindex, spot);
      return true;
    } catch (BpfException absent) {
      return false; // no filter (ENOENT), or no clsact at all (EINVAL)
    }
  }

  /** Removes the clsact filter that this class, perhaps in an earlier process, put there. */
  static void detachClsact(Libbpf libbpf, int ifindex, Spot spot) {
    NativeBuffer hook = hook(ifindex, spot.clsact);
    NativeBuffer options = filter(spot);
    int result = libbpf.calls().bpf_tc_detach(hook.pointer(), options.pointer());
    hook.fence();
    options.fence();
    Libbpf.check(result, "detach program", "from clsact of interface " + ifindex);
  }

  /** Closes the link's descriptor; what is pinned, and a clsact filter, stay attached. */
  @Override
  public void close() {
    if (link != null) {
      link.close();
    }
  }
}
