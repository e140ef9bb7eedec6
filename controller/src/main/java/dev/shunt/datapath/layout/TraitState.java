package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Learned or configured properties of a workload. {@code struct trait_state}. Immutable.
 *
 * @param traits {@code enum trait}, or-ed
 * @param uses of each learned trait, by bit number; {@link Use#NEVER} where the bit is not set
 */
public record TraitState(int traits, List<Use> uses) {
  /** {@code TRAIT_KINDS}. */
  public static final int KINDS = 8;

  /** The bits of learned traits. */
  public static final int LEARNED = (1 << KINDS) - 1;

  /** {@code TRAIT_SPLICE}. */
  public static final int SPLICE = 1;

  /** {@code TRAIT_FIONREAD}. */
  public static final int FIONREAD = 1 << 1;

  /** {@code TRAIT_EXEMPT}. */
  public static final int EXEMPT = 1 << 16;

  /** {@code TRAIT_FORCE}. */
  public static final int FORCE = 1 << 17;

  /** What the self-test's own process has while it runs: nothing is left to be learned of it. */
  public static final int SELF_TEST = FORCE | LEARNED;

  /**
   * When a workload showed a trait. {@code struct trait_use}.
   *
   * @param firstNanos CLOCK_MONOTONIC; negative when that was before boot
   * @param lastNanos CLOCK_MONOTONIC; negative when that was before boot
   * @param times that it was seen
   */
  public record Use(long firstNanos, long lastNanos, long times) {
    /** Not seen. */
    public static final Use NEVER = new Use(0, 0, 0);

    /** Field table. */
    public static final StructLayout LAYOUT =
        StructLayout.of("trait_use").u64("first_ns", "last_ns", "times").build();
  }

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("trait_state")
          .u32("traits", "pad")
          .structs("uses", Use.LAYOUT, KINDS)
          .build();

  /** Copies the uses and checks that there is one for each trait. */
  public TraitState {
    if (uses.size() != KINDS) {
      throw new IllegalArgumentException("uses: " + uses.size() + " (expected: " + KINDS + ")");
    }
    uses = List.copyOf(uses);
  }

  /** Traits that nobody was seen to show. */
  public static TraitState of(int traits) {
    return new TraitState(traits, Collections.nCopies(KINDS, Use.NEVER));
  }

  /** With another learned trait. */
  public TraitState with(int kind, Use use) {
    List<Use> changed = new ArrayList<>(uses);
    changed.set(kind, use);
    return new TraitState(traits | (1 << kind), changed);
  }

  /** Without a learned trait. */
  public TraitState without(int kind) {
    List<Use> changed = new ArrayList<>(uses);
    changed.set(kind, Use.NEVER);
    return new TraitState(traits & ~(1 << kind), changed);
  }

  /** Without the learned traits that were last seen before a time, CLOCK_MONOTONIC. */
  public TraitState since(long oldestNanos) {
    TraitState kept = this;
    for (int kind = 0; kind < KINDS; kind++) {
      if (has(kind) && uses.get(kind).lastNanos() < oldestNanos) {
        kept = kept.without(kind);
      }
    }
    return kept;
  }

  /** With other configured traits; the learned ones stay. */
  public TraitState configured(int configured) {
    return new TraitState((traits & LEARNED) | configured, uses);
  }

  /** Whether the workload has a learned trait. */
  public boolean has(int kind) {
    return (traits >>> kind & 1) == 1;
  }

  /** The row as a map value. */
  public ByteBuffer encode() {
    ByteBuffer bytes = LAYOUT.allocate();
    bytes.putInt(LAYOUT.offset("traits"), traits);
    int base = LAYOUT.offset("uses");
    for (Use use : uses) {
      bytes.putLong(base + Use.LAYOUT.offset("first_ns"), use.firstNanos());
      bytes.putLong(base + Use.LAYOUT.offset("last_ns"), use.lastNanos());
      bytes.putLong(base + Use.LAYOUT.offset("times"), use.times());
      base += Use.LAYOUT.size();
    }
    return bytes;
  }

  /** Reads a map value. */
  public static TraitState decode(ByteBuffer bytes) {
    List<Use> uses = new ArrayList<>(KINDS);
    for (int kind = 0; kind < KINDS; kind++) {
      int base = LAYOUT.offset("uses") + kind * Use.LAYOUT.size();
      uses.add(
          new Use(
              Use.LAYOUT.u64(bytes, base, "first_ns"),
              Use.LAYOUT.u64(bytes, base, "last_ns"),
              Use.LAYOUT.u64(bytes, base, "times")));
    }
    return new TraitState(LAYOUT.u32(bytes, 0, "traits"), uses);
  }
}
