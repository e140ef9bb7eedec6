package dev.shunt.e2e.verify.filters;

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
import dev.shunt.desired.filter.IcmpMatch;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random rule sets over few distinct values, so that prefixes nest, ranges overlap and packets hit.
 * The same seed gives the same sets.
 */
final class RandomRules {
  private static final int[] PORTS = {1, 22, 53, 80, 255, 256, 443, 6443, 8080, 10250, 65535};
  private static final int RULES_USUAL = 40;

  private final Random random;

  RandomRules(Random random) {
    this.random = random;
  }

  /** The rules of a point; one set in twenty is large. */
  PointRules next() {
    int count =
        random.nextInt(20) == 0 ? 400 + random.nextInt(625) : 1 + random.nextInt(RULES_USUAL);
    List<PointRule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FilterMode mode = random.nextInt(4) == 0 ? FilterMode.MONITOR : FilterMode.ENFORCE;
      Lockout lockout = random.nextInt(3) == 0 ? Lockout.ALLOWED : Lockout.REFUSED;
      FilterAction action = random.nextBoolean() ? FilterAction.ALLOW : FilterAction.DENY;
      FilterRule rule = new FilterRule("r" + i, match(), action, Optional.empty());
      rules.add(new PointRule(new FilterName("fuzz", "f"), rule, mode, lockout));
    }
    return new PointRules(
        random.nextBoolean() ? FilterDirection.INGRESS : FilterDirection.EGRESS,
        rules,
        random.nextInt(4) == 0 ? FailSafe.NONE : FailSafe.DEFAULT);
  }

  private FilterMatch match() {
    FilterProtocol protocol = pick(FilterProtocol.values());
    List<PortRange> none = List.of();
    return new FilterMatch(
        some(3, this::cidr),
        some(4, this::cidr),
        some(4, this::cidr),
        protocol,
        protocol.hasPorts() ? some(3, this::ports) : none,
        protocol.hasPorts() ? some(2, this::ports) : none,
        protocol.isIcmp() ? some(2, this::icmp) : List.of(),
        random.nextInt(3) == 0 ? pick(FragmentMatch.values()) : FragmentMatch.ANY);
  }

  /** Nothing, but once in {@code seldom} one to six. */
  private <T> List<T> some(int seldom, Supplier<T> supplier) {
    List<T> values = new ArrayList<>();
    if (random.nextInt(seldom) == 0) {
      int count = 1 + random.nextInt(6);
      for (int i = 0; i < count; i++) {
        values.add(supplier.get());
      }
    }
    return values;
  }

  private Cidr cidr() {
    IpAddress address = address();
    int most = address.family().bits();
    return Cidr.around(address, random.nextInt(3) == 0 ? most : random.nextInt(most + 1));
  }

  /** An address of a small part of each family. */
  IpAddress address() {
    return random.nextBoolean() ? v4() : v6();
  }

  IpAddress v4() {
    int few = 10 << 24 | few() << 16 | few() << 8 | few();
    return IpAddress.v4(random.nextInt(8) == 0 ? random.nextInt() : few);
  }

  IpAddress v6() {
    if (random.nextInt(8) == 0) {
      return IpAddress.v6(random.nextLong(), random.nextLong());
    }
    long high = 0xfd00L << 48 | (long) few() << 32 | few();
    return IpAddress.v6(high, (long) few() << 56 | few());
  }

  private int few() {
    return random.nextInt(4) * 85;
  }

  int port() {
    return random.nextInt(3) == 0 ? random.nextInt(65536) : PORTS[random.nextInt(PORTS.length)];
  }

  private PortRange ports() {
    int first = Math.max(1, port());
    int last = Math.max(1, random.nextBoolean() ? first : port());
    return new PortRange(Math.min(first, last), Math.max(first, last));
  }

  private IcmpMatch icmp() {
    return new IcmpMatch(icmpType(), random.nextBoolean() ? IcmpMatch.ANY_CODE : random.nextInt(3));
  }

  int icmpType() {
    return random.nextBoolean() ? 128 + random.nextInt(10) : random.nextInt(12);
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
