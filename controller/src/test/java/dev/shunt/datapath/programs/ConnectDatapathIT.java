package dev.shunt.datapath.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.layout.ConnectDenial;
import dev.shunt.datapath.layout.ConnectHits;
import dev.shunt.datapath.layout.ConnectRows;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.ConnectMaps;
import dev.shunt.desired.HostSelector;
import dev.shunt.desired.connect.ConnectAction;
import dev.shunt.desired.connect.ConnectAttempt;
import dev.shunt.desired.connect.ConnectMatcher;
import dev.shunt.desired.connect.ConnectProtocol;
import dev.shunt.desired.connect.ConnectRule;
import dev.shunt.desired.connect.ConnectRules;
import dev.shunt.desired.connect.ConnectSettings;
import dev.shunt.desired.connect.ConnectTarget;
import dev.shunt.desired.connect.Rules;
import dev.shunt.desired.filter.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connect rules on real sockets. */
class ConnectDatapathIT {
  private static final List<String> KINDS =
      List.of("tcp-connect", "tcp-fastopen", "udp-connect", "udp-send", "mptcp-connect");
  private static final List<String> PLACES = List.of("10.1.2.3", "::ffff:10.1.2.3", "fd00::1");

  @TempDir private Path directory;
  private ConnectScene scene;
  private Path executable;
  private Connector connector;

  @BeforeEach
  void open() throws IOException {
    scene = new ConnectScene("connect");
    executable = Connector.compile(directory.resolve("first"));
    connector = Connector.start(scene.netns, scene.cgroup, executable);
  }

  @AfterEach
  void close() throws IOException {
    connector.close();
    scene.close();
  }

  private static ConnectRules rules(ConnectRule... rules) {
    return Rules.of(Rules.policy(HostSelector.EVERYTHING, rules));
  }

  private ConnectHits hits(ConnectRules rules, int number) {
    return scene.datapath.maps().hits(rules.rules().get(number));
  }

  @Test
  void deny_everyKindAndFamily_isEperm() {
    for (String place : PLACES) {
      for (String kind : KINDS) {
        assertThat(connector.isDenied(kind, place, 80)).as("%s %s, no rule", kind, place).isFalse();
      }
    }
    ConnectRules rules = rules(Rules.deny("r", Rules.to("10.1.0.0/16", "fd00::/64")));
    scene.apply(rules);

    for (String place : PLACES) {
      for (String kind : KINDS) {
        assertThat(connector.isDenied(kind, place, 80)).as("%s %s", kind, place).isTrue();
      }
    }
    for (String kind : KINDS) {
      assertThat(connector.isDenied(kind, "10.2.0.1", 80)).as("%s elsewhere", kind).isFalse();
    }
    assertThat(hits(rules, 0)).isEqualTo(new ConnectHits(15, 15));
    assertThat(scene.datapath.maps().totals().denied()).isEqualTo(15);
    assertThat(scene.datapath.maps().totals().unmatched()).isEqualTo(5);
    assertThat(scene.datapath.maps().totals().incomplete()).isZero();
  }

  @Test
  void deny_unspecifiedAddress_isLoopback() {
    scene.apply(rules(Rules.deny("r", Rules.to("127.0.0.0/8", "::1"))));

    assertThat(connector.isDenied("tcp-connect", "0.0.0.0", 80)).isTrue();
    assertThat(connector.isDenied("tcp-connect", "::", 80)).isTrue();
    assertThat(connector.isDenied("udp-send", "127.0.0.1", 80)).isTrue();
    assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 80)).isFalse();
  }

  @Test
  void deny_byExecutable_holdsForItsCallersOnly() throws IOException {
    Path other = Files.copy(executable, directory.resolve("second"));
    ConnectRule rule =
        new ConnectRule(
            "r",
            ConnectAction.DENY,
            Optional.empty(),
            List.of(executable.toString()),
            Rules.ports(ConnectProtocol.TCP, 80, 90));
    scene.apply(rules(rule));

    assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 85)).isTrue();
    assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 91)).isFalse();
    assertThat(connector.isDenied("udp-connect", "10.0.0.1", 85)).isFalse();
    try (Connector second = Connector.start(scene.netns, scene.cgroup, other)) {
      assertThat(second.isDenied("tcp-connect", "10.0.0.1", 85)).isFalse();
    }
  }

  @Test
  void deny_byCgroupAndNetns_holdsThereAndBelow() throws IOException {
    Path below = Files.createDirectory(scene.cgroup.resolve("below"));
    String name = "/" + scene.cgroup.getFileName();
    HostSelector covered =
        new HostSelector(Optional.of("test"), Optional.of(name + "/below"), Optional.empty());
    scene.apply(Rules.of(Rules.policy(covered, Rules.deny("r", Rules.to()))));

    assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 85)).isFalse();
    try (Connector inside = Connector.start(scene.netns, below, executable)) {
      assertThat(inside.isDenied("tcp-connect", "10.0.0.1", 85)).isTrue();
      assertThat(inside.isDenied("udp-send", "fd00::7", 85)).isTrue();
    }
    Files.delete(below);
  }

  @Test
  void monitor_matchingRule_countsReportsAndAllows() {
    ConnectRules rules =
        rules(
            Rules.monitor("watch", Rules.to("10.0.0.0/8")),
            Rules.deny("cut", Rules.to("10.9.0.0/16")));
    scene.apply(rules);
    List<ConnectDenial> seen = new ArrayList<>();
    scene.datapath.maps().set("watched", 1);
    try (RingBufferReader reader =
        new RingBufferReader(
            scene.datapath.maps().denials(), record -> seen.add(ConnectDenial.read(record)))) {
      assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 85)).isFalse();
      assertThat(connector.isDenied("udp-send", "10.9.0.1", 86)).isTrue();
      reader.drain();
    }

    assertThat(hits(rules, 0)).isEqualTo(new ConnectHits(2, 0));
    assertThat(hits(rules, 1)).isEqualTo(new ConnectHits(1, 1));
    assertThat(scene.datapath.maps().totals().monitored()).isEqualTo(2);
    assertThat(seen)
        .extracting(denial -> denial.facts().verdict() + " " + denial.facts().port())
        .containsExactly(
            ConnectRows.MONITOR + " 85", ConnectRows.MONITOR + " 86", ConnectRows.DENY + " 86");
    ConnectDenial last = seen.get(2);
    assertThat(last.ruleId()).isEqualTo(ConnectMaps.ruleId(rules.rules().get(1)));
    assertThat(last.remote().getHostAddress()).isEqualTo("10.9.0.1");
    assertThat(last.facts().pid()).isEqualTo((int) connector.pid());
    assertThat(last.facts().command()).isEqualTo("first");
    assertThat(last.workload().executableInode())
        .isEqualTo(scene.file(executable.toString()).orElseThrow().inode());
  }

  @Test
  void deny_failSafePort_needsAllowLockout() {
    ConnectRule all = Rules.deny("r", ConnectTarget.ANYWHERE);
    scene.apply(Rules.of(Rules.policy("p", HostSelector.EVERYTHING, ConnectSettings.DEFAULT, all)));
    assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 22)).isFalse();
    assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 23)).isTrue();
    assertThat(connector.isDenied("udp-connect", "10.0.0.1", 22)).isTrue();

    scene.apply(Rules.of(Rules.policy("p", HostSelector.EVERYTHING, Rules.OPEN, all)));
    assertThat(connector.isDenied("tcp-connect", "10.0.0.1", 22)).isTrue();
  }

  @Test
  void rules_random_decideAsTheMatcherDoes() {
    String name = "/" + scene.cgroup.getFileName();
    List<HostSelector> selectors =
        List.of(
            HostSelector.EVERYTHING,
            new HostSelector(Optional.of("test"), Optional.empty(), Optional.empty()),
            new HostSelector(Optional.empty(), Optional.of(name), Optional.empty()),
            new HostSelector(Optional.empty(), Optional.of("/none"), Optional.empty()));
    ConnectAttempt.Caller caller = new ConnectAttempt.Caller(executable.toString(), name, "test");
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      ConnectRules rules = Rules.random(random, selectors);
      scene.apply(rules);
      ConnectMatcher matcher = new ConnectMatcher(rules);
      for (int i = 0; i < 100; i++) {
        IpAddress to = random.nextBoolean() ? Rules.v4(random) : Rules.v6(random);
        int port = Rules.port(random);
        boolean udp = random.nextBoolean();
        ConnectAttempt attempt =
            new ConnectAttempt(caller, udp ? ConnectProtocol.UDP : ConnectProtocol.TCP, to, port);
        assertThat(connector.isDenied(udp ? "udp-connect" : "tcp-connect", to.toString(), port))
            .as("seed %d: %s", seed, attempt)
            .isEqualTo(matcher.explain(attempt).action() == ConnectAction.DENY);
      }
    }
    assertThat(scene.datapath.maps().totals().incomplete()).isZero();
  }

  /** In every set exactly one of two ports is denied: an attempt that met a mix would see none. */
  @Test
  void replace_underLoad_isSeenWholeOrNotAtAll() throws InterruptedException {
    ConnectRules even =
        rules(Rules.deny("a", Rules.to("10.1.0.0/16")), Rules.deny("b", Rules.to("10.2.0.0/16")));
    ConnectRules odd =
        rules(Rules.deny("b", Rules.to("10.2.0.0/16")), Rules.deny("a", Rules.to("10.1.0.0/16")));
    scene.apply(even);
    AtomicBoolean running = new AtomicBoolean(true);
    List<String> leaks = new ArrayList<>();
    long[] tries = new long[1];
    Thread load =
        new Thread(
            () -> {
              while (running.get()) {
                for (String place : List.of("10.1.0.1", "10.2.0.1")) {
                  tries[0]++;
                  if (!connector.isDenied("udp-connect", place, 80)) {
                    leaks.add(place);
                  }
                }
              }
            });
    load.start();
    for (int i = 0; i < 100; i++) {
      scene.apply(odd);
      scene.apply(even);
    }
    running.set(false);
    load.join();

    assertThat(leaks).isEmpty();
    assertThat(tries[0]).isGreaterThan(200);
    assertThat(scene.datapath.maps().totals().incomplete()).isZero();
    assertThat(hits(even, 0).hits() + hits(even, 1).hits()).isEqualTo(tries[0]);
  }

  @Test
  void open_afterACrash_takesOverRulesAndCounters() {
    ConnectRules rules = rules(Rules.deny("r", Rules.to("10.1.0.0/16")));
    scene.apply(rules);
    assertThat(connector.isDenied("tcp-connect", "10.1.0.1", 80)).isTrue();

    scene.datapath.keep(); // as a killed process leaves it
    assertThat(connector.isDenied("tcp-connect", "10.1.0.1", 80)).isTrue();
    scene.datapath = scene.open();
    assertThat(connector.isDenied("tcp-connect", "10.1.0.1", 80)).isTrue();
    assertThat(hits(rules, 0).hits()).isEqualTo(3);
    scene.apply(rules);
    assertThat(connector.isDenied("tcp-connect", "10.1.0.1", 80)).isTrue();
    assertThat(hits(rules, 0).hits()).isEqualTo(4);
  }

  @Test
  void removeLeftOver_pinsOfACrashedProcess_denyNoMore() {
    scene.apply(rules(Rules.deny("r", Rules.to())));
    scene.datapath.keep();

    assertThat(ConnectDatapath.parts(scene.pins))
        .anyMatch(part -> part.startsWith("program connect_ipv4_hook-"))
        .contains("map connect_ipv4");
    ConnectDatapath.removeLeftOver(new Libbpf(), scene.pins);
    assertThat(connector.isDenied("tcp-connect", "10.1.0.1", 80)).isFalse();
    assertThat(Files.exists(scene.pins)).isFalse();
    scene.datapath = scene.open();
  }

  @Test
  void hooks_onThisKernel_sayWhichRungHolds() {
    assertThat(scene.datapath.hooks())
        .filteredOn(hook -> hook.program().startsWith("connect_ipv"))
        .allMatch(hook -> hook.error().isEmpty());
    HookState lsm = scene.datapath.hooks().get(0);
    assertThat(lsm.error().isEmpty()).isEqualTo(scene.datapath.rung() == ConnectDatapath.Rung.LSM);
  }
}
