package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterHook;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterPlacement;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.FilterSubject;
import dev.shunt.desired.filter.FragmentMatch;
import dev.shunt.desired.filter.IcmpMatch;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.RateLimit;
import dev.shunt.desired.filter.TrafficFilter;
import dev.shunt.desired.filter.XdpFallback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FilterFileTest {
  private static final String HEAD =
      "apiVersion: shunt.dev/v1alpha1\nkind: TrafficFilter\nmetadata: {name: web}\nspec:\n";
  private static final String PLACE = "interfaces: [eth0], ";

  @TempDir private Path directory;

  private List<NamedPolicy> read(String text) throws IOException, FieldFault {
    Path file = Files.writeString(directory.resolve("policy.yaml"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return PolicyFileReader.read(file, Surroundings.HOST);
  }

  @Test
  void read_everyField_kept() throws Exception {
    List<NamedPolicy> policies =
        read(
            """
            apiVersion: shunt.dev/v1alpha1
            kind: ClusterTrafficFilter
            metadata: {name: web}
            spec:
              hook: xdp
              interfaces: [eth0, "ens*"]
              xdpFallback: tc
              mode: monitor
              priority: 3
              allowLockout: true
              rules:
                - name: limit
                  action: rate_limit
                  mode: enforce
                  remote: [10.0.0.0/8]
                  from: [10.1.0.0/16]
                  to: ["fd00::/8"]
                  protocol: tcp
                  ports: [22]
                  sourcePorts: [1024-65535]
                  fragments: whole
                  rateLimit: {bytesPerSecond: 1000000, burst: 5000, per: source}
                - {name: ping, action: deny, protocol: icmp, icmp: [8, 3/4]}
            """);

    TrafficFilter filter = ((FilterPolicy) policies.get(0)).filter();
    RateLimit limit = new RateLimit(1_000_000, RateLimit.Unit.BYTES, 5000, RateLimit.Scope.SOURCE);
    FilterMatch match =
        new FilterMatch(
            List.of(Cidr.parse("10.0.0.0/8")),
            List.of(Cidr.parse("10.1.0.0/16")),
            List.of(Cidr.parse("fd00::/8")),
            FilterProtocol.TCP,
            List.of(new PortRange(1024, 65535)),
            List.of(new PortRange(22, 22)),
            List.of(),
            FragmentMatch.WHOLE);
    FilterRule first =
        new FilterRule(
            "limit", match, FilterAction.rateLimit(limit), Optional.of(FilterMode.ENFORCE));
    assertThat(filter.rules().get(0)).isEqualTo(first);
    assertThat(filter.rules().get(1).match().icmp())
        .containsExactly(new IcmpMatch(8, IcmpMatch.ANY_CODE), new IcmpMatch(3, 4));
    assertThat(filter)
        .isEqualTo(
            new TrafficFilter(
                new FilterName("", "web"),
                new FilterPlacement(
                    FilterHook.XDP,
                    FilterDirection.INGRESS,
                    FilterSubject.INTERFACES,
                    List.of("eth0", "ens*"),
                    XdpFallback.TC),
                3,
                FilterMode.MONITOR,
                Lockout.ALLOWED,
                filter.rules()));
  }

  @ParameterizedTest
  @MethodSource
  void read_badSpec_saysFieldAndBound(String spec, String expected) {
    FieldFault fault =
        catchThrowableOfType(FieldFault.class, () -> read(HEAD + ("{" + spec + "}").indent(2)));

    assertThat(fault).isNotNull();
    assertThat(fault.getMessage()).isEqualTo(expected + " in TrafficFilter default/web");
  }

  private static String rule(String fields) {
    return PLACE + "rules: [{name: a, " + fields + "}]";
  }

  static Stream<Arguments> read_badSpec_saysFieldAndBound() {
    String deny = "rules: [{name: a, action: deny}]";
    String places = "(expected: one of hostSelector, interfaces, defaultRoute)";
    return Stream.of(
        Arguments.of(deny, "spec: no place " + places),
        Arguments.of(PLACE + "defaultRoute: true, " + deny, "spec: 2 places " + places),
        Arguments.of(
            "interfaces: [a/b], " + deny,
            "spec.interfaces[0]: a/b (expected: an interface name or glob, at most 15"
                + " characters)"),
        Arguments.of(
            "hook: xdp, direction: egress, " + PLACE + deny,
            "spec.hook: xdp (expected: tc with direction egress)"),
        Arguments.of(
            "hook: xdp, hostSelector: {networkNamespace: a}, " + deny,
            "spec.hook: xdp (expected: tc with hostSelector)"),
        Arguments.of(
            rule("action: drop"), "spec.rules[0].action: drop (expected: allow, deny, rate_limit)"),
        Arguments.of(
            rule("action: deny, ports: [80]"),
            "spec.rules[0].ports: given (expected: only with protocol tcp, udp or sctp)"),
        Arguments.of(
            rule("action: deny, icmp: [8]"),
            "spec.rules[0].icmp: given (expected: only with protocol icmp or icmpv6)"),
        Arguments.of(
            rule("action: deny, protocol: icmp, icmp: [256]"),
            "spec.rules[0].icmp[0]: 256 (expected: a type 0..255, or type/code)"),
        Arguments.of(
            rule("action: deny, protocol: tcp, ports: [22]"),
            "spec.rules[0].ports[0]: 22 (expected: no fail-safe port (22, 6443, 10250) without"
                + " allowLockout)"),
        Arguments.of(
            rule("action: rate_limit"),
            "spec.rules[0].rateLimit: missing (expected: a rate with action rate_limit)"),
        Arguments.of(
            rule("action: deny, rateLimit: {packetsPerSecond: 1}"),
            "spec.rules[0].rateLimit: given (expected: only with action rate_limit)"),
        Arguments.of(
            rule("action: rate_limit, rateLimit: {}"),
            "spec.rules[0].rateLimit: no rate (expected: one of packetsPerSecond,"
                + " bytesPerSecond)"),
        Arguments.of(
            rule("action: rate_limit, rateLimit: {packetsPerSecond: 0}"),
            "spec.rules[0].rateLimit.packetsPerSecond: 0 (expected: 1..1000000000)"),
        Arguments.of(
            rule("action: rate_limit, rateLimit: {bytesPerSecond: 1000, burst: 5}"),
            "spec.rules[0].rateLimit.burst: 5 (expected: 1600..1000000000)"));
  }
}
