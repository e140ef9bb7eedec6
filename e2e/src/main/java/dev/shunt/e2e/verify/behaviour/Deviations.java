package dev.shunt.e2e.verify.behaviour;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The deviations from TCP that the documentation names: by case, the observations that may differ
 * and why. Anything else that differs fails the suite. No state.
 */
final class Deviations {
  private static final String LATE_BLOCK =
      "a member whose O_NONBLOCK was just cleared may see EAGAIN until the pair has left";

  private static final String NOTHING_URGENT =
      "recv(MSG_OOB) with nothing urgent says EAGAIN, not EINVAL, until the pair has left";

  private static final Map<String, Deviation> KNOWN = new HashMap<>();

  private record Deviation(Set<String> observations, String why) {}

  static {
    know(
        "close_with_unread",
        "the kernel sends FIN, not RST, when a member closes over unread redirected bytes",
        "client",
        "client_recv",
        "client_send");
    know(
        "reconnect_with_unread",
        "a former member with unread redirected bytes cannot be connected again",
        "recv_between",
        "between",
        "connect_again",
        "recv_before_data",
        "client_heard_bytes",
        "server_heard_bytes",
        "order_ok");
    know(
        "reconnect_af_unspec",
        "a member that was disconnected says EAGAIN where TCP gives the error of the disconnect",
        "recv_between",
        "between");
    know(
        "rcvlowat_queued",
        "a low-water mark set over redirected bytes does not hide those",
        "below_mark",
        "recv",
        "server_heard_bytes");
    know("late_block_reset", LATE_BLOCK, "recv");
    know("late_block_signal", LATE_BLOCK, "recv");
    know(
        "late_zerocopy",
        "until the pair has left, a large zero-copy send completes in several parts",
        "completions");
    know(
        "msg_trunc",
        "a member reads where MSG_TRUNC would discard",
        "buffer_untouched",
        "recv_trunc_null",
        "server_heard_bytes");
    know("msg_oob", NOTHING_URGENT, "recv_oob_again");
    know("msg_oob_inline", NOTHING_URGENT, "recv_oob_again");
    know(
        "msg_oob_after_data",
        "recv(MSG_OOB) over queued redirected bytes takes the first of those",
        "oob_byte",
        "recv_before_mark",
        "recv_oob_again");
    know(
        "fionread_first_use",
        "the first FIONREAD of a workload finds a live pair; it is right once that has left",
        "wrong_at_first");
    know(
        "splice_first_use",
        "the first splice() of a workload does not find bytes that were redirected before it",
        "stuck_turn",
        "stuck_bytes",
        "client_heard_bytes",
        "server_heard_bytes");
    know(
        "splice_only_reader",
        "a reader that never calls recv() is reset after two seconds instead of hanging",
        "spliced");
    know("zero_read", "a member answers a read of no bytes with 0, not EAGAIN", "empty");
    know(
        "uring_send_zerocopy",
        "io_uring's zero-copy send says EOPNOTSUPP on a member",
        "send",
        "sent",
        "notified",
        "server_heard_bytes",
        "client_heard_bytes");
    know("bad_buffer", "send() of a member from unmapped memory returns 0, not EFAULT", "send");
    know(
        "zerocopy_receive",
        "TCP_ZEROCOPY_RECEIVE neither maps nor counts redirected bytes",
        "bytes_to_read");
    know("tcp_info_bytes", "TCP_INFO does not count redirected bytes", "received", "sent");
  }

  private Deviations() {}

  private static void know(String caseName, String why, String... observations) {
    KNOWN.put(caseName, new Deviation(Set.of(observations), why));
  }

  /** Why these differences are known, or empty when one of them is not. */
  static Optional<String> explain(String caseName, List<String> differences) {
    return Optional.ofNullable(KNOWN.get(caseName))
        .filter(
            known ->
                differences.stream()
                    .allMatch(each -> known.observations().contains(each.split(":", 2)[0])))
        .map(Deviation::why);
  }
}
