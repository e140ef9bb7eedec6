package dev.shunt.selftest;

import dev.shunt.datapath.libbpf.NativeSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection over the loopback of the calling thread's network namespace, both ends non-blocking.
 * Used by one thread; closing it closes both ends.
 *
 * @param client that connected
 * @param server that was accepted
 */
record LoopbackPair(NativeSocket client, NativeSocket server) implements AutoCloseable {
  /** Longest wait for what takes microseconds: above TCP's shortest retransmission, 200 ms. */
  static final Duration PATIENCE = Duration.ofMillis(300);

  private static final int TURN_BYTES = 64;

  /** Turns beyond those that adoption asks for: two each to invite, to adopt, and to read after. */
  private static final int SPARE_TURNS = 10;

  /** A connected pair that has sent nothing yet. */
  static LoopbackPair connect() {
    try (NativeSocket listener = NativeSocket.ipv4()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener.listen(1);
      listener.setNonBlocking();
      NativeSocket client = NativeSocket.ipv4();
      try {
        client.setNonBlocking();
        client.connect(listener.localAddress());
        await(listener, NativeSocket.POLLIN, "a connection");
        await(client, NativeSocket.POLLOUT, "the end of connect");
        NativeSocket server = listener.accept().orElseThrow();
        server.setNonBlocking();
        return new LoopbackPair(client, server);
      } catch (RuntimeException failed) {
        client.close();
        throw failed;
      }
    }
  }

  /**
   * A connected pair of which both directions are redirected.
   *
   * @throws CheckFailedException it does not come to that
   */
  static LoopbackPair accelerated(TestBed bed) {
    LoopbackPair pair = connect();
    try {
      pair.warmUp(bed);
      return pair;
    } catch (RuntimeException failed) {
      pair.close();
      throw failed;
    }
  }

  private void warmUp(TestBed bed) {
    int turns = bed.adoptTurns() + SPARE_TURNS;
    for (int turn = 0; turn < turns; turn++) {
      long before = bed.redirectedBytes();
      exchange(client, server, TURN_BYTES);
      exchange(server, client, TURN_BYTES);
      if (bed.redirectedBytes() - before == 2 * TURN_BYTES) {
        return;
      }
    }
    throw new CheckFailedException(
        "after " + turns + " turns messages still go by TCP (" + bed.progress() + ")");
  }

  /** Sends some bytes and reads them at the other end. */
  static void exchange(NativeSocket from, NativeSocket to, int length) {
    send(from, Pattern.at(0, length));
    ByteBuffer received = ByteBuffer.allocate(length);
    while (received.hasRemaining()) {
      receive(to, received);
    }
    Pattern.check(0, received);
  }

  /** Sends all of a message. */
  static void send(NativeSocket socket, ByteBuffer message) {
    while (message.hasRemaining()) {
      if (socket.send(message) == NativeSocket.WOULD_BLOCK) {
        await(socket, NativeSocket.POLLOUT, "room to write");
      }
    }
  }

  /**
   * Receives at least a byte.
   *
   * @return bytes received, or 0: the peer has shut down
   */
  static int receive(NativeSocket socket, ByteBuffer target) {
    while (true) {
      int received = socket.recv(target, 0);
      if (received != NativeSocket.WOULD_BLOCK) {
        return received;
      }
      await(socket, NativeSocket.POLLIN, "bytes");
    }
  }

  private static void await(NativeSocket socket, int event, String what) {
    if (socket.poll(event, PATIENCE) == 0) {
      throw new CheckFailedException("waited " + PATIENCE.toMillis() + " ms in vain for " + what);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
