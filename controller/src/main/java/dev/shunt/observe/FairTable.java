package dev.shunt.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps so many values and no more, shared out fairly among owners. One thread at a time.
 *
 * <ol>
 *   <li>While there is room, an owner may have as much of it as it likes, up to its own bound.
 *   <li>When there is none, a new value takes the place of one of the owner that has most: the one
 *       that was used least recently. So who has less than an equal share always finds room.
 *   <li>It does so only where its owner has fewer afterwards than that one had before; otherwise it
 *       is refused. So owners that want more than their share do not take places from each other in
 *       turn.
 *   <li>What was not used for long is forgotten.
 * </ol>
 *
 * @param <K> names of values, of all owners
 * @param <V> values
 */
public final class FairTable<K, V> {
  private final Bounds bounds;
  private final LongSupplier nanos;
  private final Consumer<Cause> forgotten;
  private final Map<K, Entry<K, V>> entries = new HashMap<>();
  private final Map<Object, Share<K, V>> shares = new HashMap<>();

  /**
   * What it keeps.
   *
   * @param all values at most
   * @param each of one owner at most
   * @param idle so long unused, and it is forgotten
   */
  public record Bounds(int all, int each, Duration idle) {}

  /** Why a value was forgotten. */
  public enum Cause {
    /** It was not used for long. */
    IDLE,
    /** Another owner had a right to its place. */
    SHARE
  }

  /** Of one owner, the one that was used least recently first. */
  private record Share<K, V>(Object owner, Set<Entry<K, V>> entries) {}

  /** A value; each is equal to itself only. */
  private static final class Entry<K, V> {
    final Share<K, V> share;
    final K key;
    final V value;
    long usedNanos;

    Entry(Share<K, V> share, K key, V value) {
      this.share = share;
      this.key = key;
      this.value = value;
    }
  }

  /**
   * Is empty.
   *
   * @param nanos a clock that only goes on, as {@link System#nanoTime}
   * @param forgotten told of each value that is let go
   */
  public FairTable(Bounds bounds, LongSupplier nanos, Consumer<Cause> forgotten) {
    this.bounds = bounds;
    this.nanos = nanos;
    this.forgotten = forgotten;
  }

  /**
   * The value of a key, which counts as used; a fresh one, if there is none and its owner may have
   * another. Empty: it may not.
   *
   * @param owner whose a fresh one is; one that exists stays whose it was
   */
  public Optional<V> use(Object owner, K key, Supplier<V> fresh) {
    long now = nanos.getAsLong();
    Entry<K, V> known = entries.get(key);
    if (known == null) {
      forgetIdle(now);
      if (!makeRoom(owner)) {
        return Optional.empty();
      }
      Share<K, V> share =
          shares.computeIfAbsent(owner, first -> new Share<>(first, new LinkedHashSet<>()));
      known = new Entry<>(share, key, fresh.get());
      entries.put(key, known);
    }
    known.usedNanos = now;
    known.share.entries().remove(known);
    known.share.entries().add(known);
    return Optional.of(known.value);
  }

  /** Whether there is room for one more of this owner. */
  private boolean makeRoom(Object owner) {
    Share<K, V> own = shares.get(owner);
    int has = own == null ? 0 : own.entries().size();
    if (has >= bounds.each()) {
      return false;
    }
    if (entries.size() < bounds.all()) {
      return true;
    }
    Optional<Share<K, V>> most =
        shares.values().stream().max(Comparator.comparingInt(share -> share.entries().size()));
    if (most.isEmpty() || most.get().entries().size() <= has + 1) {
      return false;
    }
    forget(most.get().entries().iterator().next(), Cause.SHARE);
    return true;
  }

  private void forgetIdle(long now) {
    List<Entry<K, V>> idle = new ArrayList<>();
    for (Share<K, V> share : shares.values()) {
      Iterator<Entry<K, V>> eldest = share.entries().iterator();
      boolean more = true;
      while (more && eldest.hasNext()) {
        Entry<K, V> entry = eldest.next();
        more = now - entry.usedNanos >= bounds.idle().toNanos();
        if (more) {
          idle.add(entry);
        }
      }
    }
    idle.forEach(entry -> forget(entry, Cause.IDLE));
  }

  private void forget(Entry<K, V> entry, Cause cause) {
    entries.remove(entry.key);
    entry.share.entries().remove(entry);
    if (entry.share.entries().isEmpty()) {
      shares.remove(entry.share.owner());
    }
    forgotten.accept(cause);
  }

  /** Visits all that are kept, in no order; to be visited does not count as use. */
  public void forEach(BiConsumer<K, V> visitor) {
    forgetIdle(nanos.getAsLong());
    entries.values().forEach(entry -> visitor.accept(entry.key, entry.value));
  }
}
