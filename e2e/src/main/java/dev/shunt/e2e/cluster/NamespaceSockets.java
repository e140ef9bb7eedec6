package dev.shunt.e2e.cluster;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/**
 * Makes TCP sockets that belong to a network namespace: a socket stays in the one it was made in,
 * whoever uses it. So this process talks from a node without living there. Any thread; {@link
 * #close} when no more sockets are wanted, those made stay.
 */
public final class NamespaceSockets extends SocketFactory implements AutoCloseable {
  private final NetworkNamespace namespace;

  /**
   * Opens the namespace.
   *
   * @param name below /run/netns
   */
  public NamespaceSockets(String name) {
    namespace = NetworkNamespace.open(name);
  }

  @Override
  public Socket createSocket() throws IOException {
    try {
      return Netns.call(namespace.fd(), () -> SocketChannel.open(StandardProtocolFamily.INET))
          .socket();
    } catch (BpfException | IllegalStateException e) {
      throw new IOException("make socket in " + namespace + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new IOException("bind to a local address failed: sockets of a namespace do not");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new IOException("bind to a local address failed: sockets of a namespace do not");
  }

  private Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = createSocket();
    try {
      socket.connect(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() {
    namespace.close();
  }
}
