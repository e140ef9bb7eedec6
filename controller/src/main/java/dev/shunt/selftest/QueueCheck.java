package dev.shunt.selftest;

import dev.shunt.datapath.libbpf.NativeSocket;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A reader that has stalled stops its writer, about as soon as with TCP. Stateless. */
final class QueueCheck implements Probe.Body {
  private static final int MESSAGE_BYTES = 16 << 10;
  private static final int TOLERANCE = 2;

  /**
   * What TCP holds differs by this much from run to run, and the bound of redirected bytes is TCP's
   * own: 2.02 times as many on 6.1, with buffers that had not grown yet.
   */
  private static final int ALLOWANCE_BYTES = 1 << 20;

  /** A writer that got this far is not going to be stopped. */
  private static final long HOPELESS_BYTES = 48 << 20;

  /** No room for so long: it has stopped. */
  private static final Duration STOPPED = Duration.ofMillis(15);

  @Override
  public String run(TestBed bed) {
    long plain;
    try (LoopbackPair pair = LoopbackPair.connect()) {
      long redirected = bed.redirectedBytes();
      plain = fill(pair.client());
      if (bed.redirectedBytes() != redirected) {
        throw new CheckFailedException("a one-way stream was redirected before it was warm");
      }
    }
    long queued;
    long redirected;
    try (LoopbackPair pair = LoopbackPair.accelerated(bed)) {
      long before = bed.redirectedBytes();
      queued = fill(pair.client());
      redirected = bed.redirectedBytes() - before;
    }
    String seen =
        queued
            + " bytes queued for a stalled reader ("
            + redirected
            + " redirected), "
            + plain
            + " with TCP";
    if (redirected == 0) {
      throw new CheckFailedException("nothing was redirected: " + seen);
    }
    if (queued > TOLERANCE * plain + ALLOWANCE_BYTES) {
      throw new CheckFailedException(
          seen + ", more than " + TOLERANCE + " times as many and " + ALLOWANCE_BYTES);
    }
    return seen;
  }

  /** Writes until the kernel takes no more. */
  private static long fill(NativeSocket writer) {
    ByteBuffer message = Pattern.at(0, MESSAGE_BYTES);
    long deadline = System.nanoTime() + LoopbackPair.PATIENCE.toNanos();
    long queued = 0;
    while (queued < HOPELESS_BYTES) {
      int taken = writer.send(message.rewind());
      if (taken != NativeSocket.WOULD_BLOCK) {
        queued += taken;
      } else if (writer.poll(NativeSocket.POLLOUT, STOPPED) == 0 || System.nanoTime() > deadline) {
        return queued;
      }
    }
    throw new CheckFailedException(
        "a writer was not stopped by a stalled reader after " + queued + " bytes");
  }
}
