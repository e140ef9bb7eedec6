package dev.shunt.e2e.bench.filters;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.FragmentMatch;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.ObjIntConsumer;

/**
 * Rules with so many random networks in all, /16 to /32, and packets that each meet one of the
 * rules last: its network and its port. The same numbers give the same rules.
 */
final class SyntheticRules {
  private static final int PREFIX_MIN = 16;
  static final int FIRST_PORT = 20_000;
  private static final int PACKETS = 256;
  static final int FRAME_BYTES = 64;

  /** Where the packets go. */
  static final String DESTINATION = "10.0.0.1";

  /** Of every interface that receives them. */
  static final String MAC = "02:00:00:00:00:01";

  private static final int IP = 14;
  private static final int UDP = 34;

  private final List<Cidr> cidrs = new ArrayList<>();
  private final int rules;
  private final Random random;

  SyntheticRules(int cidrs, int rules) {
    this.rules = rules;
    random = new Random(31L * cidrs + rules);
    for (int i = 0; i < cidrs; i++) {
      int bits = PREFIX_MIN + random.nextInt(32 - PREFIX_MIN + 1);
      this.cidrs.add(Cidr.around(IpAddress.v4(source()), bits));
    }
  }

  /** An address that the network stack takes from outside. */
  private int source() {
    int first = 0;
    while (first == 0 || first == 10 || first == 127) {
      first = random.nextInt(224);
    }
    return first << 24 | random.nextInt(1 << 24);
  }

  int ruleCount() {
    return rules;
  }

  List<Cidr> cidrs() {
    return List.copyOf(cidrs);
  }

  static int port(int rule) {
    return FIRST_PORT + rule;
  }

  /** All networks, each with the port of its rule; one of few may have several. */
  void byRule(ObjIntConsumer<Cidr> each) {
    for (int i = 0; i < rules; i++) {
      for (int at = i % cidrs.size(); at < cidrs.size(); at += rules) {
        each.accept(cidrs.get(at), port(i));
      }
    }
  }

  PointRules rules() {
    List<PointRule> all = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      List<Cidr> own = new ArrayList<>();
      for (int at = i % cidrs.size(); at < cidrs.size(); at += rules) {
        own.add(cidrs.get(at));
      }
      FilterRule rule =
          new FilterRule("r" + i, match(own, i), FilterAction.ALLOW, Optional.empty());
      all.add(
          new PointRule(
              new FilterName("bench", "rules"), rule, FilterMode.ENFORCE, Lockout.REFUSED));
    }
    return new PointRules(FilterDirection.INGRESS, all, FailSafe.DEFAULT);
  }

  private static FilterMatch match(List<Cidr> own, int rule) {
    PortRange port = new PortRange(port(rule), port(rule));
    return new FilterMatch(
        own,
        List.of(),
        List.of(),
        FilterProtocol.UDP,
        List.of(),
        List.of(port),
        List.of(),
        FragmentMatch.ANY);
  }

  /** Frames of 64 bytes. */
  List<ByteBuffer> packets() {
    List<ByteBuffer> packets = new ArrayList<>();
    for (int i = 0; i < PACKETS; i++) {
      int at = random.nextInt(cidrs.size());
      packets.add(packet((int) cidrs.get(at).address().low(), port(at % rules)));
    }
    return packets;
  }

  private static ByteBuffer packet(int source, int port) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    frame.put(0, (byte) 2).put(5, (byte) 1).put(6, (byte) 2).put(11, (byte) 2); // MAC, and another
    frame.putShort(IP - 2, (short) 0x0800);
    frame.put(IP, (byte) 0x45).putShort(IP + 2, (short) (FRAME_BYTES - IP));
    frame.put(IP + 8, (byte) 64).put(IP + 9, (byte) 17);
    frame.putInt(IP + 12, source).putInt(IP + 16, 0x0a000001);
    frame.putShort(IP + 10, (short) ~sum(frame));
    frame.putShort(UDP, (short) 4000).putShort(UDP + 2, (short) port);
    frame.putShort(UDP + 4, (short) (FRAME_BYTES - UDP)); // checksum 0: none (RFC 768)
    return frame;
  }

  /** Of the IP header (RFC 1071). */
  private static int sum(ByteBuffer frame) {
    int sum = 0;
    for (int at = IP; at < UDP; at += Short.BYTES) {
      sum += Short.toUnsignedInt(frame.getShort(at));
    }
    sum = (sum & 0xffff) + (sum >>> Short.SIZE);
    return (sum & 0xffff) + (sum >>> Short.SIZE);
  }
}
