package dev.shunt.e2e.verify.programs.jvm;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** {@code SocketChannel} with one selector. One thread. */
final class SelectorPeer implements EchoPeer {
  private static final long LIMIT_MILLIS = 40_000;
  private static final int CHUNK = 65536;

  /** Bytes of one connection on their way back, in the state "being written". */
  private record Pending(ByteBuffer bytes) {}

  @Override
  public void serve(InetSocketAddress address) throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(address).configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      while (true) {
        selector.select(SelectorPeer::serveReady);
      }
    }
  }

  private static void serveReady(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
        accepted.configureBlocking(false);
        Pending nothing = new Pending(ByteBuffer.allocate(CHUNK).limit(0));
        accepted.register(key.selector(), SelectionKey.OP_READ, nothing);
      } else {
        echo(key, (SocketChannel) key.channel(), ((Pending) key.attachment()).bytes());
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  private static void echo(SelectionKey key, SocketChannel channel, ByteBuffer bytes)
      throws IOException {
    if (!bytes.hasRemaining()) {
      int size = channel.read(bytes.clear());
      bytes.flip();
      if (size < 0) {
        channel.close();
        return;
      }
    }
    channel.write(bytes);
    key.interestOps(bytes.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  @Override
  public void ask(InetSocketAddress address, Conversation conversation) throws IOException {
    try (Selector selector = Selector.open();
        SocketChannel channel = SocketChannel.open(address)) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      ByteBuffer sending = conversation.message();
      ByteBuffer got = ByteBuffer.allocate(CHUNK);
      boolean open = true;
      while (open) {
        if (selector.select(LIMIT_MILLIS) == 0) {
          throw new EOFException("nothing came for " + LIMIT_MILLIS + " ms");
        }
        selector.selectedKeys().clear();
        if (key.isWritable()) {
          send(key, channel, sending, conversation);
        }
        boolean hadTurn = key.isReadable() && hear(channel, got, conversation);
        if (hadTurn && !conversation.isOver()) {
          sending = conversation.message();
          key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        open = channel.isOpen();
      }
    }
  }

  private static void send(
      SelectionKey key, SocketChannel channel, ByteBuffer sending, Conversation conversation)
      throws IOException {
    channel.write(sending);
    if (!sending.hasRemaining()) {
      key.interestOps(SelectionKey.OP_READ);
      if (conversation.isLast()) {
        channel.shutdownOutput();
      }
    }
  }

  /** Returns whether a turn ended. */
  private static boolean hear(SocketChannel channel, ByteBuffer got, Conversation conversation)
      throws IOException {
    int size = channel.read(got.clear());
    got.flip();
    if (size < 0) {
      conversation.takeEnd();
      channel.close();
      return false;
    }
    return size > 0 && conversation.take(got);
  }
}
