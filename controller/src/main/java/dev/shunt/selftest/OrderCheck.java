package dev.shunt.selftest;

import dev.shunt.datapath.libbpf.NativeSocket;
import java.nio.ByteBuffer;

/** A stream that changes between redirect and TCP arrives in order. Stateless. */
final class OrderCheck implements Probe.Body {
  private static final int ROUNDS = 12;

  /** A burst goes on until a message goes by TCP; more than any bound of the redirect queue. */
  private static final int BURST_BYTES_MAX = 6 << 20;

  /** Where receive buffers are so large that bursts are, fewer will do. */
  private static final int ENOUGH_BYTES = 16 << 20;

  /** Their mean is above what counts as a stream of small writes, which leaves. */
  private static final int[] MESSAGE_BYTES = {
    1, 65_536, 17, 4096, 32_768, 1000, 16_384, 3, 60_000, 512, 8192, 49_152
  };

  /** How much is read at once. */
  private static final int[] READ_BYTES = {7, 65_536, 4096, 1, 30_000, 511};

  @Override
  public String run(TestBed bed) {
    try (LoopbackPair pair = LoopbackPair.accelerated(bed)) {
      long redirected = bed.redirectedBytes();
      long passed = bed.passedMessages();
      Stream stream = new Stream(bed, pair);
      for (int round = 0; round < ROUNDS && stream.sent < ENOUGH_BYTES; round++) {
        stream.writeBurst(round);
        stream.readAll();
      }
      redirected = bed.redirectedBytes() - redirected;
      passed = bed.passedMessages() - passed;
      if (redirected == 0 || passed == 0) {
        throw new CheckFailedException(
            "the stream did not change between redirect and TCP: "
                + redirected
                + " bytes redirected, "
                + passed
                + " messages by TCP");
      }
      return stream.received
          + " bytes in order, "
          + redirected
          + " of them redirected, "
          + passed
          + " messages by TCP";
    }
  }

  /** The pattern on its way from client to server. */
  private static final class Stream {
    private final TestBed bed;
    private final LoopbackPair pair;
    private final ByteBuffer target = ByteBuffer.allocate(Pattern.RANGE_MAX);
    private long sent;
    private long received;
    private int reads;

    Stream(TestBed bed, LoopbackPair pair) {
      this.bed = bed;
      this.pair = pair;
    }

    /** Messages of all sizes, beginning with another one each round, till the queue is full. */
    void writeBurst(int round) {
      long first = sent;
      long passed = bed.passedMessages();
      int next = round;
      while (next < round + MESSAGE_BYTES.length
          || (bed.passedMessages() == passed && sent - first < BURST_BYTES_MAX)) {
        write(MESSAGE_BYTES[next++ % MESSAGE_BYTES.length]);
      }
    }

    /** One message; reads a little when it has to. */
    private void write(int length) {
      ByteBuffer message = Pattern.at(sent, length);
      while (message.hasRemaining()) {
        int taken = pair.client().send(message);
        if (taken == NativeSocket.WOULD_BLOCK) {
          read();
        } else {
          sent += taken;
        }
      }
    }

    void readAll() {
      while (received < sent) {
        read();
      }
    }

    private void read() {
      target.clear().limit(READ_BYTES[reads++ % READ_BYTES.length]);
      int count = LoopbackPair.receive(pair.server(), target);
      if (count == 0) {
        throw new CheckFailedException("the stream ended after " + received + " bytes");
      }
      Pattern.check(received, target);
      received += count;
    }
  }
}
