package dev.shunt.datapath.libbpf;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;

/** A nameless network namespace with its loopback up, gone when closed. */
public final class TestNetns implements AutoCloseable {
  /** Index of the loopback interface in every network namespace. */
  public static final int LOOPBACK = 1;

  private static final int DISCARD_PORT = 9;

  private final Fd namespace = Netns.create();

  /** Makes it. */
  public TestNetns() {
    call(() -> TestObjects.run(List.of("ip", "link", "set", "lo", "up")));
  }

  /** Runs a task inside. */
  public <T> T call(Callable<T> task) {
    return Netns.call(namespace, task);
  }

  /** Sends datagrams over the loopback; nobody receives them. */
  public void sendPackets(int count) {
    call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < count; i++) {
              socket.send(
                  new DatagramPacket(
                      new byte[1], 1, InetAddress.getLoopbackAddress(), DISCARD_PORT));
            }
          }
          return count;
        });
  }

  @Override
  public void close() {
    namespace.close();
  }
}
