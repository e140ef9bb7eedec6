package dev.shunt.desired.pod;

import java.nio.charset.StandardCharsets;

/**
 * A share of all workloads. A workload that is in a share is in every larger one too, and in the
 * same one on every node: its place depends on its names only.
 *
 * @param percent of the workloads, 0..100
 */
public record Canary(int percent) {
  /** All workloads. */
  public static final Canary ALL = new Canary(100);

  private static final int PERCENT_MAX = 100;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L; // FNV-1a, 64 bits
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long MIX = 0xff51afd7ed558ccdL; // fmix64 of MurmurHash3

  /** Checks the bound. */
  public Canary {
    if (percent < 0 || percent > PERCENT_MAX) {
      throw new IllegalArgumentException("canary percent: " + percent + " (expected: 0..100)");
    }
  }

  /** Whether it leaves any workload out. */
  public boolean isAll() {
    return percent == PERCENT_MAX;
  }

  /** Whether a workload is in the share. */
  public boolean includes(String namespace, Workload workload) {
    return isAll() || place(namespace, workload) < percent;
  }

  /** Where a workload stands, 0..99: it is in every share above that. */
  public static int place(String namespace, Workload workload) {
    String name = namespace + "/" + workload.kind() + "/" + workload.name();
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 33)) * MIX; // names differ in their last letters: spread that
    return (int) Long.remainderUnsigned(hash ^ (hash >>> 33), PERCENT_MAX);
  }
}
