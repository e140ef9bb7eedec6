package dev.shunt.observe.trace;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a JVM did while it collected garbage. Immutable.
 *
 * @param kind whether the program was stopped for it
 * @param collector its name; empty: nothing was collected
 * @param pools of memory, all that the JVM has; empty: it told nothing of them
 */
public record HeapCollection(Kind kind, String collector, List<Pool> pools) {
  /** Whether the program stood; numbers of {@code enum trace_gc_kind}. */
  public enum Kind {
    /** It did, all the time. */
    PAUSE(0),
    /** The same, for what the JVM calls a full collection. */
    FULL_PAUSE(1),
    /** It went on meanwhile, but for pauses that are told apart. */
    CYCLE(2);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** The data path's number. */
    public int number() {
      return number;
    }

    /** By the data path's number; PAUSE for one that this build does not know. */
    public static Kind of(int number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return PAUSE;
    }
  }

  /**
   * A memory pool.
   *
   * @param name of it
   * @param usedBefore bytes, when the collection began
   * @param usedAfter bytes, when it had ended
   * @param committedAfter bytes that the JVM has of the system for it
   */
  public record Pool(String name, long usedBefore, long usedAfter, long committedAfter) {
    /** Whether objects live in it: the others hold code and classes (memoryService.cpp). */
    boolean isHeap() {
      return !name.startsWith("Code")
          && !name.equals("Metaspace")
          && !name.equals("Compressed Class Space");
    }
  }

  /** Copies the list. */
  public HeapCollection {
    pools = List.copyOf(pools);
  }

  private long sum(ToLongFunction<Pool> value) {
    return pools.stream().filter(Pool::isHeap).mapToLong(value).sum();
  }

  /** Bytes of the heap in use when it began. */
  public long heapBefore() {
    return sum(Pool::usedBefore);
  }

  /** Bytes of the heap in use when it had ended. */
  public long heapAfter() {
    return sum(Pool::usedAfter);
  }
}
