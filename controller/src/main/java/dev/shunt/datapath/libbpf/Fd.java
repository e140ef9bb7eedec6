package dev.shunt.datapath.libbpf;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor.
 *
 * <p>Thread-safe; closing does not wait for calls under way. Who gets one closes it.
 */
public final class Fd implements AutoCloseable {
  private static final int CLOSED = -1;

  private final AtomicInteger number;
  private final String what;
  private final Runnable closer;

  private Fd(int number, String what, boolean owned) {
    this.number = new AtomicInteger(number);
    this.what = what;
    this.closer = owned ? () -> NativeLibc.LIBC.close(number) : () -> {};
  }

  /** Closes {@code number} when closed itself; {@code what} names it in error texts. */
  static Fd owned(int number, String what) {
    return new Fd(number, what, true);
  }

  /** A number that libbpf closes with its object. */
  static Fd borrowed(int number, String what) {
    return new Fd(number, what, false);
  }

  /**
   * The number for a native call.
   *
   * @throws IllegalStateException it has been closed
   */
  public int number() {
    int current = number.get();
    if (current == CLOSED) {
      throw new IllegalStateException(what + " is closed");
    }
    return current;
  }

  /** Whether {@link #close()} has not been called yet. */
  public boolean isOpen() {
    return number.get() != CLOSED;
  }

  @Override
  public void close() {
    if (number.getAndSet(CLOSED) != CLOSED) {
      closer.run();
    }
  }

  @Override
  public String toString() {
    return what;
  }
}
