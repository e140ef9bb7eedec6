package dev.shunt.observe;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * An attempt or a packet that was refused, or would have been. Immutable.
 *
 * @param time when
 * @param rule {@code namespace/policy/rule}; empty when it is gone
 * @param mode of the rule: MONITOR was not refused
 * @param attempt what was tried
 * @param caller who tried
 * @param lost denials that did not fit before this one
 */
public record DenialView(
    Instant time, String rule, FilterStatus.Mode mode, Attempt attempt, Caller caller, long lost) {
  /**
   * What was tried.
   *
   * @param at place that refused it
   * @param protocol such as tcp; a number when it has no name here
   * @param source where from; empty: not chosen yet
   * @param destination where to; port 0: none
   * @param cause connect, send or fast_open; of a packet denied, rate_limited or what is odd about
   *     it
   */
  public record Attempt(
      String at,
      String protocol,
      Optional<InetSocketAddress> source,
      InetSocketAddress destination,
      String cause) {}

  /**
   * Who tried; of a packet the namespace only, and that of pods only.
   *
   * @param pid process id
   * @param command name of the thread
   * @param executable path; empty when the caller has ended
   * @param cgroup below the root of the hierarchy
   * @param namespace network namespace
   */
  public record Caller(
      int pid, String command, String executable, String cgroup, String namespace) {
    /** Of a packet: nobody knows. */
    public static Caller unknown(String namespace) {
      return new Caller(0, "", "", "", namespace);
    }
  }
}
