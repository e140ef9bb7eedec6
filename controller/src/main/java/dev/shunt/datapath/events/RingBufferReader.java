package dev.shunt.datapath.events;

import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.RingMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Reads the records of a BPF ring buffer straight from its mapped memory, at 10-25 ns each.
 *
 * <p>One thread at a time. {@link #poll(Duration)} waits up to its timeout and runs the callback in
 * the calling thread; {@link #drain()} never waits. The owner closes it after its last read.
 */
public final class RingBufferReader implements AutoCloseable {
  /** Gets each record. */
  @FunctionalInterface
  public interface RecordHandler {
    /**
     * Takes one record.
     *
     * @param record read-only, in host byte order, valid until the return: the kernel reuses the
     *     memory
     */
    void onRecord(ByteBuffer record);
  }

  /** {@code BPF_RINGBUF_BUSY_BIT}: reserved and not yet submitted. */
  private static final int BUSY = 1 << 31;

  /** {@code BPF_RINGBUF_DISCARD_BIT}: given up by the program. */
  private static final int DISCARD = 1 << 30;

  private static final int HEADER_BYTES = 8;
  private static final int ALIGNMENT = 8;

  /** A batch ends here, so that a busy producer finds room again. */
  private static final int BATCH_RECORDS = 1024;

  /** A call ends here, even while a fast producer adds more. */
  private static final int DRAIN_BATCHES = 64;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final RingMemory memory;
  private final ByteBuffer consumer;
  private final ByteBuffer producer;
  private final ByteBuffer records;
  private final long mask;
  private final RecordHandler handler;

  /**
   * Maps a ring buffer.
   *
   * @param ring a map of type ring buffer, which stays open as long as this reader
   * @param handler gets the records; what it throws ends the poll, after its record was taken
   */
  public RingBufferReader(BpfMap ring, RecordHandler handler) {
    this.memory = ring.mapRing();
    this.handler = handler;
    consumer = memory.consumerPage();
    producer = memory.producerPage();
    records = memory.records();
    mask = memory.dataBytes() - 1L;
  }

  /**
   * Handles what is there, or waits for it first.
   *
   * @param timeout longest wait; zero does not wait
   * @return number of records taken, those discarded by the program among them; 0 when the time was
   *     over
   */
  public int poll(Duration timeout) {
    return poll(timeout, () -> true);
  }

  /**
   * As {@link #poll(Duration)}, but only while the handler can take more; what is not taken stays
   * in the ring.
   *
   * @param more asked before each record
   */
  public int poll(Duration timeout, BooleanSupplier more) {
    int handled = drain(more);
    if (handled == 0 && memory.await(timeout)) {
      handled = drain(more);
    }
    return handled;
  }

  /**
   * Handles what is there, up to a record that is not yet submitted, and at most {@value
   * #DRAIN_BATCHES} batches of {@value #BATCH_RECORDS}.
   *
   * @return number of records taken, those discarded by the program among them
   */
  public int drain() {
    return drain(() -> true);
  }

  private int drain(BooleanSupplier more) {
    int total = 0;
    int batches = 0;
    int batch = drainBatch(more);
    while (batch > 0 && ++batches < DRAIN_BATCHES) {
      total += batch;
      batch = drainBatch(more);
    }
    return total + batch;
  }

  /** Returns records taken, discarded ones among them, and publishes the position once. */
  private int drainBatch(BooleanSupplier more) {
    long position = (long) LONG.getAcquire(consumer, 0);
    long end = (long) LONG.getAcquire(producer, 0);
    int taken = 0;
    try {
      while (position < end && taken < BATCH_RECORDS && more.getAsBoolean()) {
        int at = (int) (position & mask);
        int header = (int) INT.getAcquire(records, at);
        if ((header & BUSY) != 0) {
          break;
        }
        int length = header & ~(BUSY | DISCARD);
        position += (long) (length + HEADER_BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        taken++;
        if ((header & DISCARD) == 0) {
          handler.onRecord(records.slice(at + HEADER_BYTES, length).order(ByteOrder.nativeOrder()));
        }
      }
    } finally {
      if (taken > 0) {
        LONG.setRelease(consumer, 0, position);
      }
    }
    return taken;
  }

  /** Bytes that wait to be read now, records not yet submitted among them. */
  public long backlogBytes() {
    return (long) LONG.getAcquire(producer, 0) - (long) LONG.getAcquire(consumer, 0);
  }

  @Override
  public void close() {
    memory.close();
  }
}
