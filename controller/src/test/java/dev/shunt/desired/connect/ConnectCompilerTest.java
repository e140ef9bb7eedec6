package dev.shunt.desired.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.IpAddress;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectCompilerTest {
  private static final Map<String, Long> CGROUPS = Map.of("/x", 11L, "/x/y", 12L, "/z", 13L);
  private static final List<HostSelector> SELECTORS =
      List.of(
          HostSelector.EVERYTHING,
          selector("", "/x", ""),
          selector("", "/x/y", ""),
          selector("pod", "", ""),
          selector("pod", "/z", "/bin/a"));

  private static final ConnectNames NAMES =
      new ConnectNames() {
        @Override
        public OptionalLong netnsCookie(String namespace) {
          return namespace.equals("pod") ? OptionalLong.of(7) : OptionalLong.empty();
        }

        @Override
        public OptionalLong cgroupId(String path) {
          Long id = CGROUPS.get(path);
          return id == null ? OptionalLong.empty() : OptionalLong.of(id);
        }

        @Override
        public Optional<FileId> file(String path) {
          return path.startsWith("/bin/") ? Optional.of(id(path)) : Optional.empty();
        }
      };

  private static ConnectNames.FileId id(String path) {
    return new ConnectNames.FileId(path.charAt(5), 1);
  }

  private static HostSelector selector(String netns, String cgroup, String executable) {
    return new HostSelector(
        Optional.of(netns).filter(text -> !text.isEmpty()),
        Optional.of(cgroup).filter(text -> !text.isEmpty()),
        Optional.of(executable).filter(text -> !text.isEmpty()));
  }

  /** What the programs of bpf/connect do, step by step. */
  private static Optional<PlacedRule> lookUp(ConnectTables tables, ConnectAttempt attempt) {
    BitSet rules = (BitSet) longest(tables, attempt.destination()).clone();
    tables.ports().entrySet().stream()
        .filter(entry -> entry.getKey().protocol() == attempt.protocol())
        .filter(
            entry ->
                attempt.port() >> (16 - entry.getKey().bits())
                    == entry.getKey().first() >> (16 - entry.getKey().bits()))
        .forEach(entry -> rules.and(entry.getValue()));
    ConnectTables.Callers callers = tables.callers();
    rules.and(
        of(
            callers.executables(),
            id(attempt.caller().executable()),
            new ConnectNames.FileId(0, 0)));
    rules.and(
        of(callers.namespaces(), attempt.caller().networkNamespace().equals("pod") ? 7L : 8L, 0L));
    BitSet cgroups = (BitSet) Objects.requireNonNull(callers.cgroups().get(0L)).clone();
    CGROUPS.forEach(
        (path, id) -> {
          if ((attempt.caller().cgroup() + "/").startsWith(path + "/")) {
            cgroups.or(callers.cgroups().getOrDefault(id, new BitSet()));
          }
        });
    rules.and(cgroups);
    rules.and(tables.enforced());
    return rules.isEmpty()
        ? Optional.empty()
        : Optional.of(tables.rules().get(rules.nextSetBit(0)));
  }

  private static BitSet longest(ConnectTables tables, IpAddress address) {
    for (int bits = address.family().bits(); bits >= 0; bits--) {
      BitSet found = tables.addresses().get(Cidr.around(address, bits));
      if (found != null) {
        return found;
      }
    }
    throw new AssertionError("no row for " + address);
  }

  private static <K> BitSet of(Map<K, BitSet> table, K key, K other) {
    BitSet found = table.get(key);
    return found == null ? Objects.requireNonNull(table.get(other)) : found;
  }

  private static ConnectAttempt attempt(Random random) {
    List<String> cgroups = List.of("/", "/x", "/x/y", "/xx", "/z/q");
    return new ConnectAttempt(
        new ConnectAttempt.Caller(
            "/bin/" + (char) ('a' + random.nextInt(4)),
            cgroups.get(random.nextInt(cgroups.size())),
            random.nextBoolean() ? "pod" : "host"),
        random.nextBoolean() ? ConnectProtocol.TCP : ConnectProtocol.UDP,
        random.nextBoolean() ? Rules.v4(random) : Rules.v6(random),
        Rules.port(random));
  }

  @Test
  void compile_randomRules_decideAsTheMatcherDoes() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      ConnectRules rules = Rules.random(random, SELECTORS);
      ConnectMatcher matcher = new ConnectMatcher(rules);
      ConnectTables tables = ConnectCompiler.compile(rules, NAMES).tables();
      for (int i = 0; i < 100; i++) {
        ConnectAttempt attempt = attempt(random);
        assertThat(lookUp(tables, attempt).map(PlacedRule::id))
            .as("seed %d attempt %s", seed, attempt)
            .isEqualTo(matcher.explain(attempt).decided().map(PlacedRule::id));
      }
    }
  }

  @Test
  void compile_namesThatDoNotExist_matchNobodyAndArePending() {
    ConnectRules rules =
        Rules.of(
            Rules.policy(
                selector("gone", "/gone", ""),
                new ConnectRule(
                    "r",
                    ConnectAction.DENY,
                    Optional.empty(),
                    List.of("/gone"),
                    ConnectTarget.ANYWHERE)));

    ConnectCompiler.Result result = ConnectCompiler.compile(rules, NAMES);

    assertThat(result.pending())
        .extracting(finding -> finding.rule() + ": " + finding.text())
        .containsExactly(
            "default/p/r: executable /gone does not exist yet",
            "default/p/r: cgroup /gone does not exist yet",
            "default/p/r: network namespace gone does not exist yet");
    assertThat(lookUp(result.tables(), attempt(new Random(1)))).isEmpty();
  }

  @Test
  void covering_everyRange_isExactlyItsPorts() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      int first = random.nextInt(65536);
      int last = first + random.nextInt(65536 - first);
      BitSet ports = new BitSet();
      for (PortPrefix prefix : PortPrefix.covering(ConnectProtocol.TCP, first, last)) {
        ports.set(prefix.first(), prefix.first() + (1 << (16 - prefix.bits())));
      }
      assertThat(ports.cardinality()).isEqualTo(last - first + 1);
      assertThat(ports.nextSetBit(0)).isEqualTo(first);
    }
  }

  @Test
  void of_tooManyRules_namesTheFirstThatIsTooMuch() {
    ConnectRule[] many = new ConnectRule[600];
    for (int i = 0; i < many.length; i++) {
      many[i] = Rules.deny("r" + i, Rules.to("10.0.0.1"));
    }
    ConnectPolicy a = Rules.policy("a", HostSelector.EVERYTHING, Rules.OPEN, many);
    ConnectPolicy b = Rules.policy("b", HostSelector.EVERYTHING, Rules.OPEN, many);

    assertThatThrownBy(() -> Rules.of(a, b))
        .hasMessage(
            "connect rules: 1200 (expected: at most 1024 on the node); the first that is too much"
                + " is default/b/r424");
  }

  @Test
  void of_priority_comesBeforeTheName() {
    ConnectSettings high = new ConnectSettings(5, Rules.OPEN.mode(), Rules.OPEN.lockout());
    ConnectRules rules =
        Rules.of(
            Rules.policy("a", HostSelector.EVERYTHING, Rules.OPEN, Rules.deny("r", Rules.to())),
            Rules.policy("b", HostSelector.EVERYTHING, high, Rules.allow("r", Rules.to())));

    assertThat(rules.rules().stream().map(PlacedRule::id))
        .containsExactly("default/b/r", "default/a/r");
  }

  @Test
  void findings_ruleBehindAWiderOne_isShadowed() {
    ConnectRules rules =
        Rules.of(
            Rules.policy(
                HostSelector.EVERYTHING,
                Rules.monitor("m", Rules.to()),
                Rules.deny("wide", Rules.to("10.0.0.0/8")),
                Rules.allow("narrow", Rules.to("10.1.0.0/16")),
                Rules.allow("other", Rules.to("10.1.0.0/16", "11.0.0.0/8"))));

    assertThat(RuleFindings.of(rules))
        .containsExactly(
            new RuleFindings.Finding(
                "default/p/narrow",
                RuleFindings.Kind.SHADOWED,
                "never decides: default/p/wide before it matches all that it does"));
  }

  @Test
  void findings_denyThatCoversFailSafePorts_saysThatItYields() {
    ConnectPolicy careful =
        Rules.policy(
            "c",
            HostSelector.EVERYTHING,
            ConnectSettings.DEFAULT,
            Rules.deny(
                "udp",
                new ConnectTarget(List.of(), ConnectProtocol.UDP, List.of(new PortRange(22, 22)))),
            Rules.deny("all", Rules.to()));

    assertThat(RuleFindings.of(Rules.of(careful)))
        .extracting(RuleFindings.Finding::rule, RuleFindings.Finding::kind)
        .containsExactly(tuple("default/c/all", RuleFindings.Kind.FAIL_SAFE));
  }
}
