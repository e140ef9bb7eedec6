package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.connect.ConnectAction;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectProtocol;
import dev.shunt.desired.connect.ConnectRule;
import dev.shunt.desired.connect.ConnectSettings;
import dev.shunt.desired.connect.ConnectTarget;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.Lockout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFileTest {
  private static final String HEAD =
      "apiVersion: shunt.dev/v1alpha1\nkind: ConnectPolicy\nmetadata: {name: web}\nspec:\n";

  @TempDir private Path directory;

  private List<NamedPolicy> read(String text) throws IOException, FieldFault {
    return PolicyFileReader.read(write("policy.yaml", text), Surroundings.HOST);
  }

  private Path write(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  @Test
  void read_everyField_kept() throws Exception {
    List<NamedPolicy> policies =
        read(
            """
            apiVersion: shunt.dev/v1alpha1
            kind: ConnectPolicy
            metadata: {name: web, namespace: shop}
            spec:
              hostSelector: {cgroupPath: web.slice, networkNamespace: pod}
              mode: monitor
              priority: -7
              allowLockout: true
              rules:
                - name: first
                  action: deny
                  mode: enforce
                  executables: [/usr/bin/curl]
                  to: [10.0.0.0/8, "fd00::1"]
                  protocol: tcp
                  ports: [22, 8000-8099]
                - {name: rest, action: allow}
            """);

    assertThat(policies)
        .containsExactly(
            new ConnectPolicy(
                new PolicyName(PolicyKind.CONNECT_POLICY, "shop", "web"),
                new HostSelector(Optional.of("pod"), Optional.of("/web.slice"), Optional.empty()),
                new ConnectSettings(-7, FilterMode.MONITOR, Lockout.ALLOWED),
                List.of(
                    new ConnectRule(
                        "first",
                        ConnectAction.DENY,
                        Optional.of(FilterMode.ENFORCE),
                        List.of("/usr/bin/curl"),
                        new ConnectTarget(
                            List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::1")),
                            ConnectProtocol.TCP,
                            List.of(new PortRange(22, 22), new PortRange(8000, 8099)))),
                    new ConnectRule(
                        "rest",
                        ConnectAction.ALLOW,
                        Optional.empty(),
                        List.of(),
                        ConnectTarget.ANYWHERE)),
                new PolicyOrigin(Instant.MAX, directory.resolve("policy.yaml").toString(), 1)));
  }

  @ParameterizedTest
  @MethodSource
  void read_badSpec_saysFieldAndBound(String spec, String expected) {
    FieldFault fault = catchThrowableOfType(FieldFault.class, () -> read(HEAD + spec.indent(2)));

    assertThat(fault).isNotNull();
    assertThat(fault.getMessage()).isEqualTo(expected + " in ConnectPolicy default/web");
  }

  private static String rule(String fields) {
    return "rules: [{name: a, action: deny, " + fields + "}]";
  }

  static Stream<Arguments> read_badSpec_saysFieldAndBound() {
    return Stream.of(
        Arguments.of("mode: monitor", "spec.rules: missing (expected: a list of rules)"),
        Arguments.of("rules: []", "spec.rules: none (expected: at least one rule)"),
        Arguments.of(
            "rules: [{action: deny}]",
            "spec.rules[0].name: missing (expected: lower case letters, digits and '-', at most"
                + " 63)"),
        Arguments.of("rules: [{name: a}]", "spec.rules[0].action: missing (expected: allow, deny)"),
        Arguments.of(
            "rules: [{name: a, action: drop}]",
            "spec.rules[0].action: drop (expected: allow, deny)"),
        Arguments.of(
            "rules: [{name: a, action: deny}, {name: a, action: allow}]",
            "spec.rules[1].name: a (expected: a name used once in the policy)"),
        Arguments.of(
            "{mode: observe, " + rule("") + "}", "spec.mode: observe (expected: enforce, monitor)"),
        Arguments.of(
            "{priority: 1001, " + rule("") + "}", "spec.priority: 1001 (expected: -1000..1000)"),
        Arguments.of(
            "{podSelector: {}, " + rule("") + "}",
            "spec.podSelector: needs Kubernetes; use hostSelector"),
        Arguments.of(
            rule("protocol: sctp"), "spec.rules[0].protocol: sctp (expected: any, tcp, udp)"),
        Arguments.of(rule("to: [10.0.0]"), "spec.rules[0].to[0]: 10.0.0 (expected: IPv4 or IPv6)"),
        Arguments.of(
            rule("to: [10.1.0.0/8]"), "spec.rules[0].to[0]: 10.1.0.0/8 (expected: 10.0.0.0/8)"),
        Arguments.of(
            rule("to: ['::ffff:10.0.0.0/104']"),
            "spec.rules[0].to[0]: ::ffff:10.0.0.0/104 (expected: the IPv4 CIDR, which v4-mapped"
                + " addresses match too)"),
        Arguments.of(
            rule("to: [0.0.0.0]"),
            "spec.rules[0].to[0]: 0.0.0.0 (expected: 127.0.0.1 or ::1, which the kernel takes it"
                + " for)"),
        Arguments.of(
            rule("ports: [22]"),
            "spec.rules[0].ports[0]: 22 (expected: no fail-safe port (22, 6443, 10250) without"
                + " allowLockout)"),
        Arguments.of(
            "{hostSelector: {executable: /bin/a}, " + rule("executables: [/bin/b]") + "}",
            "spec.rules[0].executables: /bin/b (expected: /bin/a, as"
                + " spec.hostSelector.executable says)"));
  }

  @Test
  void read_failSafePortOfUdp_isNoLockout() throws Exception {
    assertThat(read(HEAD + rule("protocol: udp, ports: [22]").indent(2))).hasSize(1);
  }

  @Test
  void load_moreRulesThanFit_refusesTheFileThatIsTooMuch() throws Exception {
    StringBuilder rules = new StringBuilder("  rules:\n");
    for (int i = 0; i < 600; i++) {
      rules.append("    - {name: r").append(i).append(", action: deny}\n");
    }
    write("a.yaml", HEAD + rules);
    write("b.yaml", HEAD.replace("web", "late") + rules);

    PolicySet set = new PolicyDirectory(directory).load();

    assertThat(set.connectPolicies()).extracting(p -> p.name().name()).containsExactly("web");
    assertThat(set.files().get(1).error().orElse(""))
        .endsWith(
            "b.yaml:1: spec.rules: 1200 (expected: at most 1024 in all files) in ConnectPolicy"
                + " default/late; no policy of this file is in force");
  }

  @Test
  void load_fileThatBecomesBad_keepsItsLastGoodRules() throws Exception {
    write("a.yaml", HEAD + rule("to: [10.0.0.0/8]").indent(2));
    PolicyDirectory policies = new PolicyDirectory(directory);
    List<ConnectPolicy> good = policies.load().connectPolicies();
    write("a.yaml", HEAD + rule("to: [10.0.0.0/33]").indent(2));

    PolicySet set = policies.load();

    assertThat(set.connectPolicies()).isEqualTo(good).hasSize(1);
    assertThat(set.files().get(0).error().orElse("")).endsWith("; keeping the last good policies");
  }
}
