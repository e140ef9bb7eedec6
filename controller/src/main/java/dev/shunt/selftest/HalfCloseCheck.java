package dev.shunt.selftest;

import dev.shunt.datapath.libbpf.NativeSocket;
import java.nio.ByteBuffer;

/** After the writer's shutdown the reader gets all redirected bytes, then the end. Stateless. */
final class HalfCloseCheck implements Probe.Body {
  private static final int MESSAGE_BYTES = 10_000;
  private static final int MESSAGES = 5;

  @Override
  public String run(TestBed bed) {
    try (LoopbackPair pair = LoopbackPair.accelerated(bed)) {
      long redirected = bed.redirectedBytes();
      long sent = 0;
      for (int i = 0; i < MESSAGES; i++) {
        LoopbackPair.send(pair.client(), Pattern.at(sent, MESSAGE_BYTES));
        sent += MESSAGE_BYTES;
      }
      pair.client().shutdown(NativeSocket.SHUT_WR);
      redirected = bed.redirectedBytes() - redirected;
      if (redirected == 0) {
        throw new CheckFailedException("nothing was redirected before the shutdown");
      }
      long received = readToEnd(pair.server());
      if (received != sent) {
        throw new CheckFailedException("the end came after " + received + " of " + sent + " bytes");
      }
      /* The other direction is still open. */
      LoopbackPair.exchange(pair.server(), pair.client(), MESSAGE_BYTES);
      return "end after all " + sent + " bytes, " + redirected + " of them redirected";
    }
  }

  private static long readToEnd(NativeSocket socket) {
    ByteBuffer target = ByteBuffer.allocate(MESSAGE_BYTES);
    long received = 0;
    while (true) {
      int count = LoopbackPair.receive(socket, target.clear());
      if (count == 0) {
        return received;
      }
      Pattern.check(received, target);
      received += count;
    }
  }
}
