package dev.shunt.observe;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Objects;

/**
 * What a reason means to a user, and what would change it. Immutable.
 *
 * @param sentence why the connection, or the message, goes by TCP
 * @param remedy what to do about it, or why nothing needs to be done
 */
public record ReasonText(String sentence, String remedy) {
  private static final Map<Reason, ReasonText> TABLE =
      Map.ofEntries(
          text(
              Reason.NONE,
              "It is accelerated: messages go from socket to socket.",
              "Nothing to do."),
          text(
              Reason.REMOTE_PEER,
              "The address of the other end is in no network namespace that the node watches.",
              "Nothing to do if it is on another host; if it is on this one, let the node watch its"
                  + " namespace (--netns, --discover-netns)."),
          text(
              Reason.POLICY_OFF,
              "The mode is off for the host or for one of the two endpoints, or a packet filter may"
                  + " drop its packets.",
              "Set 'mode: accelerate' in the policy, or run 'shunt mode accelerate'; see 'shunt filters'"
                  + " for filters."),
          text(
              Reason.OBSERVE_MODE,
              "The mode is observe: the connection is paired and counted, nothing is moved.",
              "Set 'mode: accelerate' in the policy, or run 'shunt mode accelerate'."),
          text(
              Reason.PORT_EXCLUDED,
              "Policy leaves the port of its passive end out.",
              "Change 'ports' in the policy of this endpoint."),
          text(
              Reason.PATH_EXCLUDED,
              "Policy does not allow pairs within one pod, or between the pods of one node, here.",
              "Change 'paths' (samePod, sameNode) in the policy of this endpoint."),
          text(
              Reason.UNPAIRED,
              "The two ends did not find each other: it is older than the node or outside its cgroups,"
                  + " or the option with the nonce was lost or stripped on the way.",
              "Reconnect it; if new connections stay unpaired, look for a proxy or firewall that"
                  + " strips TCP options."),
          text(
              Reason.SEQUENCE_MISMATCH,
              "Something between the two ends rewrites TCP sequence numbers.",
              "Take SYNPROXY or the connection-tracking helper (ALG) off this path."),
          text(
              Reason.TOO_YOUNG,
              "It has not had enough request/response turns yet, or was not accepted yet.",
              "Nothing to do if it lives on; use keep-alive so that connections live long enough to"
                  + " pay."),
          text(
              Reason.BLOCKING_READER,
              "The receiving socket is in blocking mode; redirected data would wake a blocked reader"
                  + " with a spurious error.",
              "Use non-blocking sockets (O_NONBLOCK), as Envoy, nginx, haproxy, Go and Netty do."),
          text(
              Reason.LOW_WATER_MARK,
              "The receiving socket has SO_RCVLOWAT above 1, which redirected data cannot honour.",
              "Leave SO_RCVLOWAT at 1."),
          text(
              Reason.SOCKET_OPTION,
              "A socket option is set that redirected data cannot honour (for example SO_ZEROCOPY,"
                  + " SO_PEEK_OFF, TCP_INQ, SO_TIMESTAMPING, a socket filter or pacing).",
              "Do not set that option on connections that should be accelerated."),
          text(
              Reason.WORKLOAD_TRAIT,
              "Its program uses what redirected data does not honour: splice(), FIONREAD, urgent data,"
                  + " zero-copy sends, or an option set on accelerated connections.",
              "Run 'shunt traits' to see which; turn it off in the program (haproxy: no 'option"
                  + " splice-*'), or put it into 'forceExecutables' of the policy if it does not do"
                  + " so on these connections."),
          text(
              Reason.EXEMPT_EXECUTABLE,
              "Policy exempts its executable.",
              "Take the executable off 'exemptExecutables' in the policy."),
          text(
              Reason.SMALL_WRITES,
              "It is a one-way stream of small writes, or sends batches of them that TCP would merge,"
                  + " which is slower when redirected; or its workload's connections became such"
                  + " streams, and it has not shown yet that both ends go on talking.",
              "Nothing to do; or let the sender write 16 KiB or more at a time."),
          text(
              Reason.ULP,
              "An upper layer protocol (such as kernel TLS) owns the socket; redirecting would go"
                  + " past it.",
              "Nothing to do; or keep TLS in user space."),
          text(
              Reason.MPTCP,
              "It is a subflow of Multipath TCP.",
              "Use plain TCP for connections within the host."),
          text(
              Reason.SELF_TEST_FAILED,
              "The start-up self-test found that this kernel does not keep TCP's behaviour.",
              "Run 'shunt selftest' to see which check fails; another kernel is needed."),
          text(
              Reason.MAP_FULL,
              "There was no room left in the map of pairs or of members.",
              "See 'shunt stats' for the fill of the maps; leave workloads that gain little out by"
                  + " policy."),
          text(
              Reason.BUSY,
              "Another program owns the socket: it is in another sockmap (EBUSY).",
              "Stop the other sockmap owner for this workload; 'shunt preflight' lists them."),
          text(
              Reason.RECONNECT,
              "The socket was accelerated in an earlier connection and was connected again; the old"
                  + " queue could leak into the new connection.",
              "Let the program open a new socket for each connection."),
          text(
              Reason.NO_HOOK,
              "No adoption hook is attached in its network namespace.",
              "See 'shunt status' for why; give the namespace to the node or let it discover it."),
          text(
              Reason.KERNEL_REFUSED,
              "The kernel refused to take the socket into the SOCKHASH.",
              "Report it with 'shunt bugreport'; the connection works by TCP."),
          text(
              Reason.PEER_NOT_SUITABLE,
              "This end qualifies, the other one does not; one end alone would gain nothing.",
              "See the reason of the other end."),
          text(
              Reason.NOT_JOINED,
              "The receiver is not in the SOCKHASH yet, or has not read since it was taken in.",
              "Nothing to do: it redirects as soon as the receiver has read once."),
          text(
              Reason.NOT_DRAINED,
              "The receiver still had bytes to read that came by TCP; order would be lost.",
              "Nothing to do: it redirects again once the receiver has read them."),
          text(
              Reason.RECEIVER_BUSY,
              "The receiver's socket lock was held; redirecting could have blocked the sender.",
              "Nothing to do: the next message is tried again."),
          text(
              Reason.BACK_PRESSURE,
              "The receiver's queue is at its bound, or memory for TCP is short; TCP makes the sender"
                  + " wait as usual.",
              "Nothing to do; the reader is slower than the writer. Larger SO_RCVBUF and SO_SNDBUF"
                  + " raise the bound, up to 3 MiB."),
          text(
              Reason.CONNTRACK_REFRESH,
              "One message goes by TCP now and then so that NAT state stays alive.",
              "Nothing to do."),
          text(Reason.PEER_GONE, "The other end is closed or closing.", "Nothing to do."),
          text(
              Reason.DRAINING,
              "The node stops: traffic is going back to TCP.",
              "Nothing to do; start the node again."),
          text(
              Reason.ONE_REQUEST,
              "Its workload's connections end after a request: it is not waited for, until it has"
                  + " more turns.",
              "Use keep-alive so that connections live long enough to pay; 'shunt traits' shows the"
                  + " workload."));

  /** The text of a reason; every reason has one. */
  public static ReasonText of(Reason reason) {
    return Objects.requireNonNull(TABLE.get(reason), reason::name);
  }

  private static Map.Entry<Reason, ReasonText> text(Reason reason, String sentence, String remedy) {
    return entry(reason, new ReasonText(sentence, remedy));
  }
}
