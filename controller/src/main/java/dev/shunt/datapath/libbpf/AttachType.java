package dev.shunt.datapath.libbpf;

/** Where a program is attached: {@code enum bpf_attach_type} of include/uapi/linux/bpf.h (6.18). */
public enum AttachType {
  /** Socket operations of a cgroup. */
  CGROUP_SOCK_OPS(3),
  /** Messages sent by members of a SOCKHASH or SOCKMAP. */
  SK_MSG_VERDICT(7),
  /** connect() over IPv4 in a cgroup. */
  CGROUP_INET4_CONNECT(10),
  /** connect() over IPv6 in a cgroup. */
  CGROUP_INET6_CONNECT(11),
  /** setsockopt() in a cgroup. */
  CGROUP_SETSOCKOPT(22),
  /** Iterators over kernel objects. */
  TRACE_ITER(28),
  /** Packets at the driver of an interface. */
  XDP(37),
  /** A perf event, as tracepoints are. */
  PERF_EVENT(41),
  /** Packets that come in at an interface; kernel 6.6 and newer. */
  TCX_INGRESS(46),
  /** Packets that go out at an interface; kernel 6.6 and newer. */
  TCX_EGRESS(47);

  private final int number;

  AttachType(int number) {
    this.number = number;
  }

  /** The kernel's number. */
  public int number() {
    return number;
  }
}
