package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The BPF filters of clsact disciplines, over rtnetlink(7): libbpf finds only those whose handle is
 * known. Stateless; interfaces are those of the calling thread's network namespace.
 */
public final class TcFilters {
  /** Which packets. */
  public enum Direction {
    /** Those that come in. */
    INGRESS(0xFFFFFFF2),
    /** Those that go out. */
    EGRESS(0xFFFFFFF3);

    /** TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_*) of linux/pkt_sched.h. */
    private final int parent;

    Direction(int parent) {
      this.parent = parent;
    }
  }

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final short RTM_NEWTFILTER = 44;
  private static final short RTM_GETTFILTER = 46;
  private static final short NLM_F_REQUEST_DUMP = 0x301;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int HEADER_BYTES = 16;
  private static final int TCMSG_BYTES = 20;
  private static final int ATTRIBUTE_BYTES = 4;
  private static final int TCA_KIND = 1;
  private static final int TCA_OPTIONS = 2;
  private static final int TCA_BPF_ID = 11;
  private static final int ROOM = 64 * 1024;

  private TcFilters() {}

  static List<Integer> of(int ifindex, Direction direction) {
    int number = NativeLibc.LIBC.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
    NativeLibc.check(number, "open socket", "for the filters of interface " + ifindex);
    try (Fd socket = Fd.owned(number, "rtnetlink socket")) {
      ask(socket, ifindex, direction);
      return answers(socket);
    }
  }

  private static void ask(Fd socket, int ifindex, Direction direction) {
    int length = HEADER_BYTES + TCMSG_BYTES;
    NativeBuffer request = new NativeBuffer(length);
    request.putInt(0, length);
    request.bytes().putShort(4, RTM_GETTFILTER).putShort(6, NLM_F_REQUEST_DUMP);
    request.putInt(HEADER_BYTES + 4, ifindex).putInt(HEADER_BYTES + 12, direction.parent);
    long sent = NativeLibc.LIBC.send(socket.number(), request.pointer(), length, 0);
    request.fence();
    NativeLibc.check((int) sent, "ask for filters", "of interface " + ifindex);
  }

  private static List<Integer> answers(Fd socket) {
    List<Integer> ids = new ArrayList<>();
    NativeBuffer room = new NativeBuffer(ROOM);
    while (true) {
      int received = (int) NativeLibc.LIBC.recv(socket.number(), room.pointer(), ROOM, 0);
      NativeLibc.check(received, "read filters", "from rtnetlink");
      room.fence();
      ByteBuffer messages = room.copy(0, received);
      while (messages.remaining() >= HEADER_BYTES) {
        int at = messages.position();
        int length = messages.getInt(at);
        int type = messages.getShort(at + 4);
        if (type == NLMSG_DONE || type == NLMSG_ERROR || length < HEADER_BYTES) {
          return ids; // an error: no clsact there
        }
        if (type == RTM_NEWTFILTER) {
          int body = at + HEADER_BYTES + TCMSG_BYTES;
          program(slice(messages, body, at + length)).ifPresent(ids::add);
        }
        messages.position(Math.min(messages.limit(), at + aligned(length)));
      }
    }
  }

  private static Optional<Integer> program(ByteBuffer attributes) {
    ByteBuffer kind = attribute(attributes, TCA_KIND);
    byte[] name = new byte[kind.remaining()];
    kind.get(name);
    if (!new String(name, StandardCharsets.US_ASCII).startsWith("bpf")) {
      return Optional.empty();
    }
    ByteBuffer id = attribute(attribute(attributes, TCA_OPTIONS), TCA_BPF_ID);
    return id.remaining() < Integer.BYTES
        ? Optional.empty()
        : Optional.of(id.getInt(id.position()));
  }

  /** The value of an attribute; empty when it is not there. */
  private static ByteBuffer attribute(ByteBuffer attributes, int wanted) {
    ByteBuffer left = attributes.duplicate().order(attributes.order());
    while (left.remaining() >= ATTRIBUTE_BYTES) {
      int at = left.position();
      int length = Short.toUnsignedInt(left.getShort(at));
      if (length < ATTRIBUTE_BYTES) {
        break;
      }
      if (left.getShort(at + 2) == wanted) {
        return slice(left, at + ATTRIBUTE_BYTES, at + length);
      }
      left.position(Math.min(left.limit(), at + aligned(length)));
    }
    return slice(left, left.limit(), left.limit());
  }

  private static ByteBuffer slice(ByteBuffer bytes, int from, int to) {
    return bytes.slice(from, Math.min(to, bytes.limit()) - from).order(bytes.order());
  }

  private static int aligned(int length) {
    return (length + 3) & ~3;
  }
}
