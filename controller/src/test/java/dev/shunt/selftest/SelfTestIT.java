package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.FileIdentity;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.maps.ConfigMap;
import dev.shunt.datapath.programs.FionreadGuard;
import dev.shunt.datapath.programs.HookState;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.desired.PolicySpec;
import dev.shunt.selftest.SelfTestResult.Check;
import dev.shunt.selftest.SelfTestResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelfTestIT {
  private static final String NAME = "selftest-it-" + ProcessHandle.current().pid();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String[] CONFIG = {
    "mode", "self_test_failed", "selectors", "fionread_guard"
  };

  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(NAME);
  private final Path pins = Path.of("/sys/fs/bpf", NAME);
  private String home = "";
  private SockmapDatapath datapath;
  private Map<String, Integer> config = Map.of();

  @BeforeEach
  void attach() throws IOException {
    home = ownCgroup();
    Files.createDirectory(cgroup);
    datapath = SockmapDatapath.open(new Libbpf(), new PinDirectory(pins), List.of(cgroup));
    datapath.attachRedirect();
    datapath.attachCgroups(tree);
    datapath.maps().config().set("mode", EndpointPolicyRow.MODE_OBSERVE);
    datapath.maps().config().set("self_test_failed", 1);
    config = config();
  }

  @AfterEach
  void detach() throws IOException {
    datapath.drain(PATIENCE);
    Files.delete(cgroup);
    assertThat(pins).doesNotExist();
  }

  @Test
  void run_thisKernel_mayAccelerate() throws IOException {
    long start = System.nanoTime();
    SelfTestResult result = new SelfTest(datapath, tree, List.of(cgroup)).run();
    Duration took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(result.checks())
        .extracting(Check::name)
        .containsExactly("redirect", "order", "bounded-queue", "half-close", "fionread");
    assertThat(result.passed()).as("%s", result.checks()).isTrue();
    assertThat(took).isLessThan(PATIENCE);
    assertNothingIsLeft();
  }

  @Test
  void open_fresh_adoptsAfterPolicysDefault() {
    assertThat(datapath.maps().config().get("adopt_turns")).isEqualTo(PolicySpec.MIN_TURNS_DEFAULT);
  }

  @Test
  void run_guardAttached_passesAgainAndLearnsNoTrait() throws IOException {
    datapath.guardFionread(FionreadGuard.NEEDED);
    config = config();
    Files.writeString(cgroup.resolve("cgroup.procs"), "0");
    try {
      SelfTest test = new SelfTest(datapath, tree, List.of(cgroup));
      SelfTestResult first = test.run();
      SelfTestResult second = test.run();

      assertThat(first.passed()).as("%s", first.checks()).isTrue();
      assertThat(second.passed()).as("%s", second.checks()).isTrue();
      assertThat(detail(second, "fionread")).isEqualTo(detail(first, "fionread"));
    } finally {
      Files.writeString(
          tree.root().resolve(home.substring("0::/".length())).resolve("cgroup.procs"), "0");
    }
    assertNothingIsLeft();
  }

  @Test
  void guardFionread_again_keepsTheLinkAndALaterNodeTakesItsPlace() throws IOException {
    datapath.guardFionread(FionreadGuard.NEEDED);
    Object pinned = linkOf("trace_ioctl");
    datapath.guardFionread(FionreadGuard.NEEDED);
    assertThat(linkOf("trace_ioctl")).isEqualTo(pinned);

    datapath.keep();
    datapath = SockmapDatapath.open(new Libbpf(), new PinDirectory(pins), List.of(cgroup));
    datapath.attachRedirect();
    datapath.attachCgroups(tree);
    datapath.guardFionread(FionreadGuard.NEEDED);

    assertThat(linkOf("trace_ioctl")).isNotEqualTo(pinned);
    assertThat(datapath.hooks())
        .filteredOn(hook -> hook.program().startsWith("trace_"))
        .hasSize(3)
        .allMatch(hook -> hook.error().isEmpty());
  }

  private Object linkOf(String program) throws IOException {
    return Files.getAttribute(
        pins.resolve("v" + PinDirectory.LAYOUT_VERSION + "/links/" + program), "unix:ino");
  }

  @Test
  void run_policyExemptsThisExecutableEverywhere_stillPasses() throws IOException {
    FileIdentity executable = Linux.identityOf(Path.of("/proc/self/exe"));
    Workload everywhere = new Workload(0, executable.inode(), (int) executable.device());
    datapath.maps().traits().put(everywhere, TraitState.of(TraitState.EXEMPT));
    datapath.maps().config().raiseTraitGeneration();

    SelfTestResult result = new SelfTest(datapath, tree, List.of(cgroup)).run();

    assertThat(result.passed()).as("%s", result.checks()).isTrue();
    assertNothingIsLeft();
  }

  @Test
  void run_ownCgroupCovered_staysThere() throws IOException {
    Files.writeString(cgroup.resolve("cgroup.procs"), "0");
    try {
      SelfTestResult result = new SelfTest(datapath, tree, List.of(cgroup)).run();

      assertThat(result.passed()).as("%s", result.checks()).isTrue();
      assertThat(ownCgroup()).endsWith(NAME);
    } finally {
      Files.writeString(
          tree.root().resolve(home.substring("0::/".length())).resolve("cgroup.procs"), "0");
    }
    assertNothingIsLeft();
  }

  @Test
  void run_noAdoption_failsRequiredChecks() throws IOException {
    SelfTestResult result =
        new SelfTest(datapath, tree, List.of(cgroup), loopback -> Map.of()).run();

    assertThat(result.passed()).isFalse();
    assertThat(result.checks()).hasSize(5).allMatch(check -> check.outcome() == Outcome.FAILED);
    assertThat(detail(result, "redirect"))
        .contains("messages still go by TCP")
        .contains("end step");
    assertThat(detail(result, "order")).isEqualTo("not run: redirect failed");
    assertThat(result.fionreadGuard()).isEqualTo(FionreadGuard.NEEDED);
    assertNothingIsLeft();
  }

  @Test
  void run_interfaceMissing_failsWithTheKernelsAnswer() throws IOException {
    SelfTestResult result =
        new SelfTest(datapath, tree, List.of(cgroup), loopback -> Map.of("none0", 4711)).run();

    assertThat(result.passed()).isFalse();
    assertThat(result.checks()).hasSize(5).allMatch(check -> check.outcome() == Outcome.FAILED);
    assertThat(detail(result, "redirect")).startsWith("not run: ").contains("none0");
    assertNothingIsLeft();
  }

  private static String detail(SelfTestResult result, String name) {
    return result.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow()
        .detail();
  }

  private void assertNothingIsLeft() throws IOException {
    SockmapMaps maps = datapath.maps();
    assertThat(maps.netns().all()).isEmpty();
    assertThat(maps.selectors().all()).isEmpty();
    /* The tracepoints are the host's: others may teach traits of theirs meanwhile. */
    assertThat(maps.traits().all().keySet())
        .noneMatch(workload -> workload.cgroupId() == tree.id(cgroup));
    assertThat(maps.traits().all().values())
        .noneMatch(state -> (state.traits() & TraitState.FORCE) != 0);
    assertThat(maps.policies().get(TestBed.ENDPOINT))
        .isEqualTo(new EndpointPolicyRow(EndpointPolicyRow.MODE_OFF, 0, List.of(), List.of()));
    assertThat(maps.pairs().fill().members()).isZero();
    assertThat(config()).isEqualTo(config);
    assertThat(datapath.hooks()).extracting(HookState::hook).noneMatch(h -> h.contains("ingress"));
    assertThat(names(pins.resolve("v" + PinDirectory.LAYOUT_VERSION + "/links")))
        .noneMatch(link -> link.startsWith("adopt-"));
    assertThat(names(cgroup)).noneMatch(name -> name.startsWith("shunt-self-test"));
    assertThat(ownCgroup()).isEqualTo(home);
    assertThat(openNamespaces()).isEmpty();
  }

  private Map<String, Integer> config() {
    ConfigMap map = datapath.maps().config();
    Map<String, Integer> values = new HashMap<>();
    for (String field : CONFIG) {
      values.put(field, map.get(field));
    }
    return values;
  }

  private static Set<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new HashSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  private static String ownCgroup() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
        .filter(line -> line.startsWith("0::"))
        .findFirst()
        .orElseThrow();
  }

  /** Descriptors of network namespaces: the only thing that would keep the test's alive. */
  private static List<String> openNamespaces() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.map(SelfTestIT::target).filter(t -> t.startsWith("net:")).toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
