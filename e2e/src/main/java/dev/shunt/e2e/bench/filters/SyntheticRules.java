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

/**
 * Rules with so many random networks in all, /16 to /32, and packets that each meet one of the
 * rules last: its network and its port. The same numbers give the same rules.
 */
final class SyntheticRules {
  private static final int PREFIX_MIN = 16;
  private static final int FIRST_PORT = 20_000;
  private static final int PACKETS = 256;
  private static final int FRAME_BYTES = 64;
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
      this.cidrs.add(Cidr.around(IpAddress.v4(random.nextInt()), bits));
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
    PortRange port = new PortRange(FIRST_PORT + rule, FIRST_PORT + rule);
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
      packets.add(packet((int) cidrs.get(at).address().low(), FIRST_PORT + at % rules));
    }
    return packets;
  }

  private static ByteBuffer packet(int source, int port) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    frame.putShort(IP - 2, (short) 0x0800);
    frame.put(IP, (byte) 0x45).putShort(IP + 2, (short) (FRAME_BYTES - IP));
    frame.put(IP + 8, (byte) 64).put(IP + 9, (byte) 17);
    frame.putInt(IP + 12, source).putInt(IP + 16, 0x0a000001);
    frame.putShort(UDP, (short) 4000).putShort(UDP + 2, (short) port);
    return frame;
  }
}
