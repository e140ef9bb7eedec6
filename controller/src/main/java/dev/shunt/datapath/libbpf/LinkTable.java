package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The interfaces of the calling thread's network namespace, as rtnetlink lists them, and the ids by
 * which it knows other namespaces.
 */
public final class LinkTable {
  /** {@code ARPHRD_ETHER} and {@code ARPHRD_LOOPBACK}: frames begin with an Ethernet header. */
  private static final List<Integer> ETHERNET_TYPES = List.of(1, 772);

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWLINK = 16;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int REQUEST_DUMP = 0x301;
  private static final int HEADER_BYTES = 16;
  private static final int INFO_BYTES = 16;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINK = 5;
  private static final int IFLA_LINK_NETNSID = 37;
  private static final int RTM_GETNSID = 90;
  private static final int REQUEST = 1;
  private static final int NETNSA_FD = 3;

  /** {@code struct rtgenmsg}, padded. */
  private static final int FAMILY_BYTES = 4;

  /** {@code NETNSA_NSID_NOT_ASSIGNED}: no id. */
  private static final int NO_NAMESPACE = -1;

  private LinkTable() {}

  /**
   * An interface.
   *
   * @param name in its namespace
   * @param ifindex in its namespace
   * @param type {@code ARPHRD_*}
   * @param peerIndex of the other end of a veth, in its own namespace; 0 when there is none
   * @param peerNamespace id of the other end's namespace; empty when it is this one, or none
   */
  public record Link(String name, int ifindex, int type, int peerIndex, OptionalInt peerNamespace) {
    /** Whether its frames begin with an Ethernet header. */
    public boolean isEthernet() {
      return ETHERNET_TYPES.contains(type);
    }
  }

  /** Reads the list: rtnetlink(7), {@code RTM_GETLINK}. */
  public static List<Link> read() {
    NativeBuffer request = new NativeBuffer(HEADER_BYTES + INFO_BYTES);
    request.putInt(0, request.size()).putInt(4, RTM_GETLINK | REQUEST_DUMP << Short.SIZE);
    try (Fd socket = open()) {
      send(socket, request, "list", "interfaces");
      return receive(socket);
    }
  }

  /**
   * The id by which this namespace knows another one; empty when it does not know it. It is {@code
   * RTM_GETNSID} of rtnetlink, and what {@link Link#peerNamespace} has.
   *
   * @param namespace a file as {@link Netns#call(java.nio.file.Path,
   *     java.util.concurrent.Callable)} takes it
   */
  public static OptionalInt namespaceId(Path namespace) {
    String object = "of network namespace " + namespace;
    NativeBuffer answer = new NativeBuffer(BUFFER_BYTES);
    try (Fd file = Linux.open(namespace);
        Fd socket = open()) {
      int at = HEADER_BYTES + FAMILY_BYTES;
      NativeBuffer request = new NativeBuffer(at + 2 * Integer.BYTES);
      request.putInt(0, request.size()).putInt(4, RTM_GETNSID | REQUEST << Short.SIZE);
      request.putInt(at, 2 * Integer.BYTES | NETNSA_FD << Short.SIZE);
      request.putInt(at + Integer.BYTES, file.number());
      send(socket, request, "read id", object);
      long got = NativeLibc.LIBC.recv(socket.number(), answer.pointer(), answer.size(), 0);
      answer.fence();
      NativeLibc.check((int) got, "read id", object);
    }
    if (Short.toUnsignedInt(answer.bytes().getShort(Integer.BYTES)) == NLMSG_ERROR) {
      throw new BpfException("read id", object, -answer.getInt(HEADER_BYTES));
    }
    int id = answer.getInt(HEADER_BYTES + FAMILY_BYTES + Integer.BYTES); // its only attribute
    return id == NO_NAMESPACE ? OptionalInt.empty() : OptionalInt.of(id);
  }

  private static Fd open() {
    int number = NativeLibc.LIBC.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
    NativeLibc.check(number, "open socket", "of rtnetlink");
    return Fd.owned(number, "rtnetlink");
  }

  private static void send(Fd socket, NativeBuffer request, String operation, String object) {
    long sent = NativeLibc.LIBC.send(socket.number(), request.pointer(), request.size(), 0);
    request.fence();
    NativeLibc.check((int) sent, operation, object);
  }

  private static List<Link> receive(Fd socket) {
    List<Link> links = new ArrayList<>();
    NativeBuffer buffer = new NativeBuffer(BUFFER_BYTES);
    while (true) {
      long got = NativeLibc.LIBC.recv(socket.number(), buffer.pointer(), buffer.size(), 0);
      buffer.fence();
      NativeLibc.check((int) got, "list", "interfaces");
      for (int at = 0; at < got; at += aligned(buffer.getInt(at))) {
        int type = Short.toUnsignedInt(buffer.bytes().getShort(at + Integer.BYTES));
        if (type == NLMSG_DONE) {
          return links;
        }
        if (type == NLMSG_ERROR) {
          throw new BpfException("list", "interfaces", -buffer.getInt(at + HEADER_BYTES));
        }
        if (type == RTM_NEWLINK) {
          links.add(link(buffer, at));
        }
      }
    }
  }

  private static Link link(NativeBuffer buffer, int at) {
    ByteBuffer bytes = buffer.bytes();
    int info = at + HEADER_BYTES;
    String name = "";
    int peer = 0;
    OptionalInt namespace = OptionalInt.empty();
    int end = at + buffer.getInt(at);
    int attribute = info + INFO_BYTES;
    while (attribute < end) {
      int length = Short.toUnsignedInt(bytes.getShort(attribute));
      int kind = Short.toUnsignedInt(bytes.getShort(attribute + Short.BYTES));
      if (kind == IFLA_IFNAME) {
        name = buffer.string(attribute + Integer.BYTES, length - Integer.BYTES);
      } else if (kind == IFLA_LINK) {
        peer = buffer.getInt(attribute + Integer.BYTES);
      } else if (kind == IFLA_LINK_NETNSID) {
        namespace = OptionalInt.of(buffer.getInt(attribute + Integer.BYTES));
      }
      attribute += aligned(length);
    }
    int type = Short.toUnsignedInt(bytes.getShort(info + Short.BYTES));
    return new Link(name, buffer.getInt(info + Integer.BYTES), type, peer, namespace);
  }

  private static int aligned(int bytes) {
    return (bytes + 3) & ~3;
  }
}
