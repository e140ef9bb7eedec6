package dev.shunt.e2e.verify.programs.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code java.net.Socket} with streams and threads. Immutable. */
final class StreamPeer implements EchoPeer {
  private static final int LIMIT_MILLIS = 40_000;
  private static final int CHUNK = 65536;

  private final String kind;

  /**
   * A peer.
   *
   * @param kind blocking; timeout: reads have a time limit, for which the JDK makes the socket
   *     non-blocking; available: as timeout, and each read asks available() first
   */
  StreamPeer(String kind) {
    this.kind = kind;
  }

  @Override
  public void serve(InetSocketAddress address) throws IOException {
    try (ServerSocket listener = new ServerSocket()) {
      listener.bind(address);
      while (true) {
        Socket socket = configured(listener.accept());
        Thread thread = new Thread(() -> echo(socket), "echo");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private Socket configured(Socket socket) throws IOException {
    if (!kind.equals("blocking")) {
      socket.setSoTimeout(LIMIT_MILLIS);
    }
    return socket;
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void ask(InetSocketAddress address, Conversation conversation) throws IOException {
    try (Socket socket = configured(new Socket(address.getAddress(), address.getPort()))) {
      while (!conversation.isLast()) {
        write(socket.getOutputStream(), conversation.message());
        hear(socket, conversation);
      }
      ByteBuffer payload = conversation.message();
      CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> finish(socket, payload));
      hear(socket, conversation);
      sent.join();
      if (socket.getInputStream().read() >= 0) {
        throw new IllegalStateException("a byte after the end");
      }
    }
  }

  private static void finish(Socket socket, ByteBuffer payload) {
    try {
      write(socket.getOutputStream(), payload);
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream output, ByteBuffer message) throws IOException {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    output.write(bytes);
  }

  private void hear(Socket socket, Conversation conversation) throws IOException {
    InputStream input = socket.getInputStream();
    byte[] chunk = new byte[CHUNK];
    boolean whole = false;
    while (!whole) {
      int wanted = Math.min(CHUNK, conversation.missing());
      if (kind.equals("available")) {
        wanted = Math.min(wanted, awaitAvailable(input));
      }
      int size = input.read(chunk, 0, wanted);
      if (size < 0) {
        conversation.takeEnd();
      }
      whole = conversation.take(ByteBuffer.wrap(chunk, 0, size));
    }
  }

  private static int awaitAvailable(InputStream input) throws IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
    int available = input.available();
    while (available == 0) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IllegalStateException("available() stayed 0 though an answer is due");
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
      available = input.available();
    }
    return available;
  }
}
