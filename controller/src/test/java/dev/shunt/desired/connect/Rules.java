package dev.shunt.desired.connect;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.Lockout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Connect rules for tests. */
public final class Rules {
  public static final ConnectSettings OPEN =
      new ConnectSettings(0, FilterMode.ENFORCE, Lockout.ALLOWED);

  private static final List<ConnectProtocol> PROTOCOLS = List.of(ConnectProtocol.values());
  private static final List<String> PATHS = List.of("/bin/a", "/bin/b", "/bin/c");

  private Rules() {}

  public static ConnectPolicy policy(HostSelector selector, ConnectRule... rules) {
    return policy("p", selector, OPEN, rules);
  }

  public static ConnectPolicy policy(
      String name, HostSelector selector, ConnectSettings settings, ConnectRule... rules) {
    return new ConnectPolicy(
        new PolicyName(PolicyKind.CONNECT_POLICY, "default", name),
        selector,
        settings,
        List.of(rules),
        new PolicyOrigin(Instant.EPOCH, "test", 1));
  }

  public static ConnectRules of(ConnectPolicy... policies) {
    return ConnectRules.of(List.of(policies), FailSafe.DEFAULT);
  }

  public static ConnectRule deny(String name, ConnectTarget target) {
    return new ConnectRule(name, ConnectAction.DENY, Optional.empty(), List.of(), target);
  }

  public static ConnectRule allow(String name, ConnectTarget target) {
    return new ConnectRule(name, ConnectAction.ALLOW, Optional.empty(), List.of(), target);
  }

  public static ConnectRule monitor(String name, ConnectTarget target) {
    return new ConnectRule(
        name, ConnectAction.DENY, Optional.of(FilterMode.MONITOR), List.of(), target);
  }

  public static ConnectTarget to(String... cidrs) {
    return new ConnectTarget(
        Arrays.stream(cidrs).map(Cidr::parse).toList(), ConnectProtocol.ANY, List.of());
  }

  public static ConnectTarget ports(ConnectProtocol protocol, int first, int last) {
    return new ConnectTarget(List.of(), protocol, List.of(new PortRange(first, last)));
  }

  /** Some rules in policies with and without selectors, drawn close together so that they meet. */
  public static ConnectRules random(Random random, List<HostSelector> selectors) {
    List<ConnectPolicy> policies = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      ConnectRule[] rules = new ConnectRule[1 + random.nextInt(12)];
      for (int j = 0; j < rules.length; j++) {
        rules[j] = rule(random, "r" + j);
      }
      ConnectSettings settings =
          new ConnectSettings(
              random.nextInt(3),
              random.nextInt(4) == 0 ? FilterMode.MONITOR : FilterMode.ENFORCE,
              random.nextBoolean() ? Lockout.ALLOWED : Lockout.REFUSED);
      HostSelector selector = selectors.get(random.nextInt(selectors.size()));
      policies.add(policy("p" + i, selector, settings, rules));
    }
    return ConnectRules.of(policies, FailSafe.DEFAULT);
  }

  private static ConnectRule rule(Random random, String name) {
    List<Cidr> to = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      to.add(
          random.nextBoolean()
              ? Cidr.around(v4(random), random.nextInt(33))
              : Cidr.around(v6(random), random.nextInt(129)));
    }
    List<PortRange> ports = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      int first = port(random);
      ports.add(new PortRange(first, Math.min(65535, first + random.nextInt(3) * 40)));
    }
    return new ConnectRule(
        name,
        random.nextBoolean() ? ConnectAction.ALLOW : ConnectAction.DENY,
        random.nextInt(4) == 0
            ? Optional.of(random.nextBoolean() ? FilterMode.MONITOR : FilterMode.ENFORCE)
            : Optional.empty(),
        random.nextInt(3) == 0 ? List.of(PATHS.get(random.nextInt(PATHS.size()))) : List.of(),
        new ConnectTarget(to, PROTOCOLS.get(random.nextInt(PROTOCOLS.size())), ports));
  }

  public static IpAddress v4(Random random) {
    return IpAddress.v4(10 << 24 | random.nextInt(4) << 16 | random.nextInt(4));
  }

  public static IpAddress v6(Random random) {
    return IpAddress.v6(0xfd00L << 48 | random.nextInt(3), random.nextInt(4));
  }

  /** 1..65535; often one that others draw too. */
  public static int port(Random random) {
    int[] liked = {1, 22, 53, 80, 81, 443, 6443, 10250, 65535};
    return random.nextInt(3) == 0 ? 1 + random.nextInt(65535) : liked[random.nextInt(liked.length)];
  }
}
