package dev.shunt.agent;

import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.IpFamily;
import dev.shunt.desired.filter.PacketFacts;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import dev.shunt.observe.FilterStatus;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Runs the filter program on one packet: the very program, with the rules of a place, in maps of
 * its own, so that live counters and buckets stay as they are. Any thread; takes as long as
 * loading.
 */
final class PacketTrial {
  /** What {@code BPF_PROG_TEST_RUN} gives as interface: the loopback. */
  private static final int IFINDEX = 1;

  private static final int XDP_DROP = 1;
  private static final int TC_ACT_SHOT = 2;
  private static final int MAC_BYTES = 12;
  private static final int SYN = 2;
  private static final int TTL = 64;

  private PacketTrial() {}

  /** Which program. */
  enum Program {
    XDP(FilterDatapath.Hook.XDP, FilterPoint.XDP, XDP_DROP),
    TC(FilterDatapath.Hook.INGRESS, FilterPoint.TC_INGRESS, TC_ACT_SHOT);

    private final FilterDatapath.Hook hook;
    private final int point;
    private final int drop;

    Program(FilterDatapath.Hook hook, int point, int drop) {
      this.hook = hook;
      this.point = point;
      this.drop = drop;
    }
  }

  /** What the program does with a packet. */
  static FilterStatus.Action run(
      Libbpf libbpf, Program program, PointRules rules, PacketFacts packet) {
    try (FilterDatapath datapath = FilterDatapath.load(libbpf)) {
      datapath
          .maps()
          .put(
              List.of(new FilterPoint(IFINDEX, program.point)),
              RuleSetCompiler.compile(rules, new Slots(), 1).pages());
      int verdict = datapath.program(program.hook).packetRun().verdict(frame(packet));
      return verdict == program.drop ? FilterStatus.Action.DENY : FilterStatus.Action.ALLOW;
    }
  }

  /** Ethernet, IP without options, and the head of the transport; filters look at no checksum. */
  static ByteBuffer frame(PacketFacts packet) {
    byte[] transport = transport(packet);
    boolean v4 = packet.source().family() == IpFamily.V4;
    ByteBuffer frame = ByteBuffer.allocate(256).position(MAC_BYTES);
    if (v4) {
      frame.putShort((short) 0x0800).put((byte) 0x45).put((byte) 0);
      frame.putShort((short) (20 + transport.length)).putInt(0);
      frame.put((byte) TTL).put((byte) packet.protocol()).putShort((short) 0);
    } else {
      frame.putShort((short) 0x86dd).putInt(6 << 28);
      frame.putShort((short) transport.length).put((byte) packet.protocol()).put((byte) TTL);
    }
    put(frame, packet.source());
    put(frame, packet.destination());
    return frame.put(transport).flip();
  }

  private static void put(ByteBuffer frame, IpAddress address) {
    int first = IpAddress.BYTES - address.family().bits() / Byte.SIZE;
    for (int i = first; i < IpAddress.BYTES; i++) {
      frame.put((byte) address.byteAt(i));
    }
  }

  private static byte[] transport(PacketFacts packet) {
    ByteBuffer header = ByteBuffer.allocate(40);
    if (packet.protocol() == FilterProtocol.ICMP.number()
        || packet.protocol() == FilterProtocol.ICMPV6.number()) {
      return header.putShort((short) packet.destinationPort()).array();
    }
    header.putShort((short) packet.sourcePort()).putShort((short) packet.destinationPort());
    if (packet.protocol() == FilterProtocol.TCP.number()) {
      header.put(12, (byte) (5 << 4)).put(13, (byte) SYN);
    } else if (packet.protocol() == FilterProtocol.UDP.number()) {
      header.putShort((short) header.capacity());
    }
    return header.array();
  }
}
