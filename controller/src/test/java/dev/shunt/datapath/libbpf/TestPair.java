package dev.shunt.datapath.libbpf;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A connection over the loopback of the namespace it was made in. */
record TestPair(NativeSocket client, NativeSocket server) implements AutoCloseable {
  static TestPair connect() {
    try (NativeSocket listener = NativeSocket.ipv4()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener.listen(1);
      NativeSocket client = NativeSocket.ipv4();
      client.connect(listener.localAddress());
      return new TestPair(client, listener.accept().orElseThrow());
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
