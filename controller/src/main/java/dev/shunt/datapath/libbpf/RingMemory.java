package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The mapped pages of a BPF ring buffer and the wait for more in it.
 *
 * <p>One thread reads at a time; the reader closes it, after its last read. The layout is that of
 * kernel/bpf/ringbuf.c (5.8 and newer): a page with the consumer's position, a page with the
 * producer's, then the data twice in a row, so that no record is broken.
 */
public final class RingMemory implements AutoCloseable {
  private static final int POLLFD_BYTES = 8;
  private static final short POLLIN = 1;

  private final Fd fd;
  private final int dataBytes;
  private final int page;
  private final MappedMemory consumer;
  private final MappedMemory producer;
  private final NativeBuffer pollFd = new NativeBuffer(POLLFD_BYTES);

  RingMemory(Fd fd, int dataBytes) {
    this.fd = fd;
    this.dataBytes = dataBytes;
    page = NativeLibc.LIBC.getpagesize();
    consumer = MappedMemory.map(fd, 0, page, MappedMemory.Access.WRITE);
    try {
      producer = MappedMemory.map(fd, page, page + 2L * dataBytes, MappedMemory.Access.READ);
    } catch (BpfException failed) {
      consumer.close();
      throw failed;
    }
  }

  /** The writable page whose first 8 bytes are the consumer's position. */
  public ByteBuffer consumerPage() {
    return consumer.buffer();
  }

  /** The read-only page whose first 8 bytes are the producer's position. */
  public ByteBuffer producerPage() {
    return producer.buffer().slice(0, page).order(producer.buffer().order());
  }

  /** The read-only records: {@link #dataBytes()} bytes, then the same bytes again. */
  public ByteBuffer records() {
    return producer.buffer().slice(page, 2 * dataBytes).order(producer.buffer().order());
  }

  /** Bytes of the ring, a power of two. */
  public int dataBytes() {
    return dataBytes;
  }

  /**
   * Waits until there is something to read, a signal came, or the time is over.
   *
   * @param timeout rounded down to milliseconds; zero returns at once
   * @return whether there is something to read
   */
  public boolean await(Duration timeout) {
    pollFd.putInt(0, fd.number()).putInt(4, POLLIN);
    int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    int ready = NativeLibc.LIBC.poll(pollFd.pointer(), 1, millis);
    int errno = ready < 0 ? NativeLibc.errno() : 0;
    pollFd.fence();
    if (ready < 0 && errno != Errno.EINTR) {
      throw new BpfException("wait for ring", fd.toString(), errno);
    }
    return ready > 0;
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
  }
}
