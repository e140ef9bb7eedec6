package dev.shunt.desired.connect;

import dev.shunt.desired.filter.Cidr;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Rules as the programs look them up: every table gives, for one thing that is known of an attempt,
 * the rules that it can match, as bits. The first bit that all have is the first rule that matches.
 * Comparable by value; the bit sets are not to be changed.
 *
 * @param rules in order
 * @param enforced those that are not in monitor mode
 * @param addresses by prefix; 0.0.0.0/0 and ::/0 are always there
 * @param ports by prefixes that do not overlap and leave no port out
 * @param callers by what the caller is
 */
public record ConnectTables(
    List<PlacedRule> rules,
    BitSet enforced,
    Map<Cidr, BitSet> addresses,
    Map<PortPrefix, BitSet> ports,
    Callers callers) {
  /**
   * Tables about callers.
   *
   * @param executables by file; {@link #ANY_FILE}: any other
   * @param cgroups by id, the cgroup's own rules only; {@link #ANY}: those that name none
   * @param namespaces by cookie; {@link #ANY}: any other
   */
  public record Callers(
      Map<ConnectNames.FileId, BitSet> executables,
      Map<Long, BitSet> cgroups,
      Map<Long, BitSet> namespaces) {
    /** Key of what is not named. */
    public static final long ANY = 0;

    /** Key of executables that are not named. */
    public static final ConnectNames.FileId ANY_FILE = new ConnectNames.FileId(0, 0);
  }
}
