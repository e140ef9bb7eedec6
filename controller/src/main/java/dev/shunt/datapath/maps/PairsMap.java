package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.PairRow;
import dev.shunt.datapath.libbpf.BpfMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Connections between two sockets of this host ({@code pairs}); written by the programs. */
public final class PairsMap {
  private final BpfMap map;

  /** Wraps the map. */
  public PairsMap(BpfMap map) {
    this.map = map;
  }

  /**
   * Rows in use.
   *
   * @param entries rows, pending nonces included
   * @param paired rows whose two ends know each other
   * @param members ends in the SOCKHASH
   */
  public record Fill(long entries, long paired, long members) {}

  /** Counts the rows: 0.4 us each. */
  public Fill fill() {
    long[] sums = new long[3];
    map.forEach(
        (key, value) -> {
          PairRow row = PairRow.decode(value);
          sums[0]++;
          sums[1] += row.consumed() == PairRow.CONSUMED ? 1 : 0;
          sums[2] += row.members();
        });
    return new Fill(sums[0], sums[1], sums[2]);
  }

  /**
   * Removes nonces that nobody answered and that are older than a moment of CLOCK_MONOTONIC.
   *
   * @return how many; those whose connection closed meanwhile are not among them
   */
  public int expire(long createdBeforeNanos) {
    List<Long> old = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          PairRow row = PairRow.decode(value);
          if (row.consumed() != PairRow.CONSUMED && row.createdNanos() < createdBeforeNanos) {
            old.add(key.getLong(0));
          }
        });
    return (int) old.stream().filter(nonce -> map.delete(Keys.u64(nonce))).count();
  }

  /** Nonces of the rows whose two ends know each other. */
  public Set<Long> nonces() {
    Set<Long> nonces = new HashSet<>();
    map.forEach(
        (key, value) -> {
          if (PairRow.decode(value).consumed() == PairRow.CONSUMED) {
            nonces.add(key.getLong(0));
          }
        });
    return nonces;
  }

  /** Nonces of the pairs that have an end in a network namespace, by its cookie. */
  public Map<Long, List<Long>> noncesByNamespace() {
    Map<Long, List<Long>> nonces = new HashMap<>();
    map.forEach(
        (key, value) -> {
          long active = PairRow.activeNetns(value);
          long passive = PairRow.passiveNetns(value);
          nonces.computeIfAbsent(active, cookie -> new ArrayList<>()).add(key.getLong(0));
          if (passive != active) {
            nonces.computeIfAbsent(passive, cookie -> new ArrayList<>()).add(key.getLong(0));
          }
        });
    nonces.remove(0L); // an end that has not answered yet
    return nonces;
  }

  /** Rows that fit. */
  public long capacity() {
    return map.shape().maxEntries();
  }
}
