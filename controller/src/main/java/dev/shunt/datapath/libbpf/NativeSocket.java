package dev.shunt.datapath.libbpf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A TCP socket with the kernel's own behaviour, for the self-test: nothing is set that the caller
 * did not ask for, and nothing is retried but EINTR.
 *
 * <p>It lives in the network namespace of the thread that made it. Two threads may use it at once,
 * one sending and one receiving. Who makes or accepts one closes it.
 */
public final class NativeSocket implements AutoCloseable {
  /** Result of a non-blocking call that could not do anything now. */
  public static final int WOULD_BLOCK = -1;

  /** {@code POLLIN}: there is something to read or to accept, or the peer has shut down. */
  public static final int POLLIN = 1;

  /** {@code POLLOUT}: there is room to write, or a connect has ended. */
  public static final int POLLOUT = 4;

  /** {@code SHUT_WR} of shutdown(2). */
  public static final int SHUT_WR = 1;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;
  private static final long FIONREAD = 0x541B;
  private static final int ADDRESS_BYTES = 28;
  private static final int POLLFD_BYTES = 8;

  private final Fd fd;
  private NativeBuffer outgoing = new NativeBuffer(1);
  private NativeBuffer incoming = new NativeBuffer(1);

  private NativeSocket(Fd fd) {
    this.fd = fd;
  }

  /** A new IPv4 socket. */
  public static NativeSocket ipv4() {
    return make(AF_INET);
  }

  /** A new IPv6 socket, which also speaks to v4-mapped addresses. */
  public static NativeSocket ipv6() {
    return make(AF_INET6);
  }

  private static NativeSocket make(int family) {
    int number = NativeLibc.LIBC.socket(family, SOCK_STREAM_CLOEXEC, 0);
    return new NativeSocket(
        Fd.owned(NativeLibc.check(number, "open socket", "TCP"), "socket " + number));
  }

  /** The descriptor, closed with the socket. */
  public Fd fd() {
    return fd;
  }

  /** Binds to an address of this socket's family; port 0 takes a free one. */
  public void bind(InetSocketAddress address) {
    NativeBuffer raw = encode(address);
    int result = NativeLibc.LIBC.bind(fd.number(), raw.pointer(), length(address));
    NativeLibc.check(result, "bind " + fd + " to", address);
    raw.fence();
  }

  /** Starts to accept; connections beyond the backlog wait in SYN_SENT. */
  public void listen(int backlog) {
    NativeLibc.check(NativeLibc.LIBC.listen(fd.number(), backlog), "listen on", fd);
  }

  /** The address it is bound to. */
  public InetSocketAddress localAddress() {
    NativeBuffer raw = new NativeBuffer(ADDRESS_BYTES);
    NativeBuffer length = new NativeBuffer(Integer.BYTES).putInt(0, ADDRESS_BYTES);
    int result = NativeLibc.LIBC.getsockname(fd.number(), raw.pointer(), length.pointer());
    NativeLibc.check(result, "read address of", fd);
    length.fence();
    return decode(raw);
  }

  /**
   * Connects to an address of this socket's family.
   *
   * @return 0, or {@link #WOULD_BLOCK}: under way, {@link #POLLOUT} tells the end
   */
  public int connect(InetSocketAddress address) {
    NativeBuffer raw = encode(address);
    int result = NativeLibc.LIBC.connect(fd.number(), raw.pointer(), length(address));
    int errno = result < 0 ? NativeLibc.errno() : 0;
    raw.fence();
    if (errno != 0 && errno != Errno.EINPROGRESS) {
      throw new BpfException("connect " + fd + " to", address.toString(), errno);
    }
    return errno == 0 ? 0 : WOULD_BLOCK;
  }

  /** The next connection, blocking as a new socket does; empty when non-blocking and none waits. */
  public Optional<NativeSocket> accept() {
    while (true) {
      int number = NativeLibc.LIBC.accept4(fd.number(), null, null, SOCK_CLOEXEC);
      if (number >= 0) {
        return Optional.of(new NativeSocket(Fd.owned(number, "socket " + number)));
      }
      int errno = NativeLibc.errno();
      if (errno == Errno.EAGAIN) {
        return Optional.empty();
      }
      if (errno != Errno.EINTR) {
        throw new BpfException("accept on", fd.toString(), errno);
      }
    }
  }

  /**
   * Sends from the position on, which moves by what was taken. Never raises SIGPIPE.
   *
   * @return bytes taken, or {@link #WOULD_BLOCK}
   */
  public int send(ByteBuffer source) {
    return send(source, 0);
  }

  /** As {@link #send(ByteBuffer)}, with flags {@code MSG_*} of send(2). */
  public int send(ByteBuffer source, int flags) {
    NativeBuffer copy = atLeast(outgoing, source.remaining());
    outgoing = copy;
    copy.copyFrom(source, source.remaining(), "message");
    while (true) {
      long sent =
          NativeLibc.LIBC.send(
              fd.number(), copy.pointer(), source.remaining(), flags | MSG_NOSIGNAL);
      int errno = sent < 0 ? NativeLibc.errno() : 0;
      copy.fence();
      if (sent >= 0) {
        source.position(source.position() + (int) sent);
        return (int) sent;
      }
      if (wouldBlock(errno, "send on")) {
        return WOULD_BLOCK;
      }
    }
  }

  /**
   * Receives at the position, which moves by what came.
   *
   * @param flags {@code MSG_*} of recv(2), e.g. 0
   * @return bytes received, 0 when the peer has shut down, or {@link #WOULD_BLOCK}
   */
  public int recv(ByteBuffer target, int flags) {
    NativeBuffer copy = atLeast(incoming, target.remaining());
    incoming = copy;
    while (true) {
      long got = NativeLibc.LIBC.recv(fd.number(), copy.pointer(), target.remaining(), flags);
      int errno = got < 0 ? NativeLibc.errno() : 0;
      copy.fence();
      if (got >= 0) {
        target.put(target.position(), copy.bytes(), 0, (int) got);
        target.position(target.position() + (int) got);
        return (int) got;
      }
      if (wouldBlock(errno, "receive on")) {
        return WOULD_BLOCK;
      }
    }
  }

  private static NativeBuffer atLeast(NativeBuffer buffer, int size) {
    return buffer.size() >= size ? buffer : new NativeBuffer(size);
  }

  private boolean wouldBlock(int errno, String operation) {
    if (errno == Errno.EINTR) {
      return false;
    }
    if (errno == Errno.EAGAIN) {
      return true;
    }
    throw new BpfException(operation, fd.toString(), errno);
  }

  /** Ends one direction or both, e.g. {@link #SHUT_WR}. */
  public void shutdown(int how) {
    NativeLibc.check(NativeLibc.LIBC.shutdown(fd.number(), how), "shut down", fd);
  }

  /** Sets {@code O_NONBLOCK}. */
  public void setNonBlocking() {
    setFlags(flags() | O_NONBLOCK);
  }

  /** Clears {@code O_NONBLOCK}. */
  public void setBlocking() {
    setFlags(flags() & ~O_NONBLOCK);
  }

  private int flags() {
    return NativeLibc.check(NativeLibc.LIBC.fcntl(fd.number(), F_GETFL, 0), "read flags of", fd);
  }

  private void setFlags(int flags) {
    NativeLibc.check(NativeLibc.LIBC.fcntl(fd.number(), F_SETFL, flags), "set flags of", fd);
  }

  /** Sets an int option of setsockopt(2). */
  public void setOption(int level, int option, int value) {
    NativeBuffer raw = new NativeBuffer(Integer.BYTES).putInt(0, value);
    int result =
        NativeLibc.LIBC.setsockopt(fd.number(), level, option, raw.pointer(), Integer.BYTES);
    NativeLibc.check(result, "set option " + level + "/" + option + " of", fd);
    raw.fence();
  }

  /** Reads an option of up to 8 bytes of getsockopt(2), e.g. an int or {@code SO_COOKIE}. */
  public long option(int level, int option) {
    NativeBuffer raw = new NativeBuffer(Long.BYTES);
    NativeBuffer length = new NativeBuffer(Integer.BYTES).putInt(0, Long.BYTES);
    int result =
        NativeLibc.LIBC.getsockopt(fd.number(), level, option, raw.pointer(), length.pointer());
    NativeLibc.check(result, "read option " + level + "/" + option + " of", fd);
    raw.fence();
    return length.getInt(0) == Integer.BYTES ? raw.getInt(0) : raw.getLong(0);
  }

  /** What ioctl(FIONREAD) tells: bytes that can be read, as far as the kernel counts them. */
  public int available() {
    NativeBuffer count = new NativeBuffer(Integer.BYTES);
    int result = NativeLibc.LIBC.ioctl(fd.number(), FIONREAD, count.pointer());
    NativeLibc.check(result, "count bytes of", fd);
    count.fence();
    return count.getInt(0);
  }

  /**
   * Waits for events, e.g. {@link #POLLIN}.
   *
   * @return the events that came, also errors and hang-ups; 0 when the time was over
   */
  public int poll(int events, Duration timeout) {
    NativeBuffer raw = new NativeBuffer(POLLFD_BYTES).putInt(0, fd.number()).putInt(4, events);
    int result = NativeLibc.LIBC.poll(raw.pointer(), 1, (int) timeout.toMillis());
    if (result < 0 && NativeLibc.errno() != Errno.EINTR) {
      throw new BpfException("wait for", fd.toString(), NativeLibc.errno());
    }
    raw.fence();
    return raw.bytes().getShort(6);
  }

  private static int length(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address ? 16 : ADDRESS_BYTES;
  }

  /** {@code struct sockaddr_in} or {@code sockaddr_in6}. */
  private static NativeBuffer encode(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    boolean v4 = host instanceof Inet4Address;
    NativeBuffer raw = new NativeBuffer(ADDRESS_BYTES);
    raw.bytes().putShort(0, (short) (v4 ? AF_INET : AF_INET6));
    putPort(raw, address.getPort());
    raw.bytes().put(v4 ? 4 : 8, host.getAddress());
    return raw;
  }

  private static void putPort(NativeBuffer raw, int port) {
    raw.bytes().duplicate().order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port);
  }

  private static InetSocketAddress decode(NativeBuffer raw) {
    boolean v4 = raw.bytes().getShort(0) == AF_INET;
    byte[] host = new byte[v4 ? 4 : 16];
    raw.bytes().get(v4 ? 4 : 8, host);
    int port = raw.bytes().duplicate().order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
    try {
      return new InetSocketAddress(InetAddress.getByAddress(host), port);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("address of " + host.length + " bytes", impossible);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
