package dev.shunt.selftest;

import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.libbpf.NativeSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * FIONREAD of a member counts what can be read. Three kinds of kernels are known: those that count
 * TCP's bytes only, those with 929e30f93125 but without 04af4efde58a that count redirected bytes
 * only, and those that are right. Stateless.
 */
final class FionreadCheck implements Probe.Body {
  private static final int REDIRECTED_BYTES = 1000;
  private static final int TCP_BYTES = 700;

  @Override
  public String run(TestBed bed) {
    try (LoopbackPair pair = LoopbackPair.accelerated(bed)) {
      int redirected = countOfRedirected(bed, pair);
      int tcp = countOfTcp(bed, pair);
      return judge(redirected, tcp);
    } finally {
      bed.allow(EndpointPolicyRow.MODE_ACCELERATE);
    }
  }

  private static int countOfRedirected(TestBed bed, LoopbackPair pair) {
    long before = bed.redirectedBytes();
    int count = sendAndCount(pair, REDIRECTED_BYTES);
    if (bed.redirectedBytes() - before != REDIRECTED_BYTES) {
      throw new CheckFailedException("not run: a message was not redirected");
    }
    return count;
  }

  /* The pair leaves with this message, but it stays a member until a sweep much later. */
  private static int countOfTcp(TestBed bed, LoopbackPair pair) {
    bed.allow(EndpointPolicyRow.MODE_OBSERVE);
    long before = bed.passedMessages();
    int count = sendAndCount(pair, TCP_BYTES);
    if (bed.passedMessages() - before != 1) {
      throw new CheckFailedException("not run: a message did not go by TCP");
    }
    return count;
  }

  private static int sendAndCount(LoopbackPair pair, int length) {
    LoopbackPair.send(pair.client(), Pattern.at(0, length));
    if (pair.server().poll(NativeSocket.POLLIN, LoopbackPair.PATIENCE) == 0) {
      throw new CheckFailedException("not run: a message did not arrive");
    }
    int count = pair.server().available();
    ByteBuffer received = ByteBuffer.allocate(length);
    while (received.hasRemaining()) {
      LoopbackPair.receive(pair.server(), received);
    }
    return count;
  }

  /** The sentence for what FIONREAD said of each. */
  static String judge(int redirected, int tcp) {
    List<String> faults = new ArrayList<>();
    judge(faults, "redirected data", redirected, REDIRECTED_BYTES);
    judge(faults, "TCP data", tcp, TCP_BYTES);
    if (faults.isEmpty()) {
      return "right for redirected and for TCP data";
    }
    throw new CheckFailedException(String.join(", ", faults));
  }

  private static void judge(List<String> faults, String what, int count, int right) {
    if (count == 0) {
      faults.add("zero for " + what);
    } else if (count == 2 * right) {
      faults.add("double counted for " + what);
    } else if (count != right) {
      faults.add(count + " instead of " + right + " for " + what);
    }
  }
}
