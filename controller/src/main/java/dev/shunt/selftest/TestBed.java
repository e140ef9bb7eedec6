package dev.shunt.selftest;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.EndpointCountersRow;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.layout.NetnsState;
import dev.shunt.datapath.layout.SelectorKey;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.maps.ConfigMap;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.programs.HookBudget;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.datapath.programs.SockmapMaps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private network namespace in which this process's sockets are accelerated, whatever the host's
 * policy is. Used by one thread at a time; closing it puts every row and setting back.
 */
final class TestBed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TestBed.class);

  /** Name of the namespace in messages of the data path. */
  static final String NAMESPACE = "self-test";

  static final int ENDPOINT = EndpointPoliciesMap.SELF_TEST;

  private static final String LOOPBACK = "lo";

  /** One bit per combination of fields; this one is network namespace, cgroup and executable. */
  private static final int EXACT_SELECTOR = 1 << 7;

  /** Policy's traits are overruled, and nothing is left to be learned of this process. */
  private static final TraitState IGNORE_TRAITS = TraitState.of(TraitState.SELF_TEST);

  private final SockmapDatapath datapath;
  private final SockmapMaps maps;
  private final NetworkNamespace namespace;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  private TestBed(SockmapDatapath datapath, NetworkNamespace namespace) {
    this.datapath = datapath;
    this.namespace = namespace;
    maps = datapath.maps();
    undo.push(namespace::close);
  }

  /**
   * Makes it.
   *
   * @param workload of this process
   * @param interfaces to hook, given the index of the loopback
   * @throws RuntimeException the kernel refused a step; nothing is left
   */
  static TestBed open(
      SockmapDatapath datapath,
      Workload workload,
      Function<Integer, Map<String, Integer>> interfaces) {
    Fd fd = Netns.create();
    try {
      TestBed bed = new TestBed(datapath, NetworkNamespace.of(NAMESPACE, fd));
      bed.prepareOrClose(workload, interfaces);
      return bed;
    } catch (RuntimeException failed) {
      fd.close();
      throw failed;
    }
  }

  private void prepareOrClose(
      Workload workload, Function<Integer, Map<String, Integer>> interfaces) {
    try {
      hook(interfaces);
      writeRows(workload);
      openHost();
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  private void hook(Function<Integer, Map<String, Integer>> interfaces) {
    int loopback =
        inside(
            () -> {
              Linux.bringUp(LOOPBACK);
              return Linux.ifindex(LOOPBACK);
            });
    undo.push(() -> datapath.unhook(namespace));
    datapath.hook(namespace, interfaces.apply(loopback), HookBudget.unlimited());
    String error = datapath.hookError(namespace);
    if (!error.isEmpty()) {
      throw new CheckFailedException(error);
    }
  }

  private void writeRows(Workload workload) {
    TraitState traits = maps.traits().all().get(workload);
    undo.push(
        () -> {
          if (traits == null) {
            maps.traits().remove(workload);
          } else {
            maps.traits().put(workload, traits);
          }
        });
    maps.traits().put(workload, IGNORE_TRAITS);
    SelectorKey selector = new SelectorKey(namespace.cookie(), workload);
    undo.push(() -> maps.selectors().remove(selector));
    maps.selectors().put(selector, ENDPOINT);
    EndpointPolicyRow policy = maps.policies().get(ENDPOINT);
    undo.push(() -> maps.policies().put(ENDPOINT, policy));
    allow(EndpointPolicyRow.MODE_ACCELERATE);
    undo.push(() -> maps.netns().remove(namespace.cookie()));
    maps.netns().put(namespace.cookie(), new NetnsState(NetnsState.HOOKED, ENDPOINT));
  }

  /** The host's settings are ceilings over every endpoint: raised for the test only. */
  private void openHost() {
    ConfigMap config = maps.config();
    undo.push(() -> config.set("sweep_wanted", 1));
    lend(config, "selectors", config.get("selectors") | EXACT_SELECTOR);
    lend(config, "self_test_failed", 0);
    lend(config, "mode", EndpointPolicyRow.MODE_ACCELERATE);
  }

  private void lend(ConfigMap config, String field, int value) {
    int before = config.get(field);
    undo.push(() -> config.set(field, before));
    config.set(field, value);
  }

  /** Sets the mode of the test's own endpoint, {@code MODE_*}; the next message is judged by it. */
  void allow(int mode) {
    maps.policies()
        .put(
            ENDPOINT,
            new EndpointPolicyRow(mode, EndpointPolicyRow.SAME_POD, List.of(), List.of()));
  }

  /** Runs a task on a thread in the namespace. */
  <T> T inside(Callable<T> task) {
    return Netns.call(namespace.fd(), task);
  }

  /** What the test's endpoint has counted since the maps were made. */
  EndpointCountersRow counters() {
    return maps.counters().sum(ENDPOINT);
  }

  /** Bytes that went past TCP so far. */
  long redirectedBytes() {
    return counters().get("bytes_redirected");
  }

  /** Messages of members that went by TCP so far. */
  long passedMessages() {
    return counters().get("messages_passed");
  }

  /** Turns of each end that adoption waits for. */
  int adoptTurns() {
    return maps.config().get("adopt_turns");
  }

  /** Where the connections of the namespace stand, in the numbers of layout.h and reasons.h. */
  String progress() {
    StringBuilder text = new StringBuilder();
    datapath.dump(
        namespace,
        row -> {
          if (row.u16("tcp_state") == 1) {
            text.append(text.isEmpty() ? "" : ", ")
                .append(row.u16("side") == 0 ? "active" : "passive")
                .append(" end step ")
                .append(row.u32("step"))
                .append(" reason ")
                .append(row.u32("reason"))
                .append(" message reason ")
                .append(row.u32("last_pass_reason"));
          }
        });
    return text.toString();
  }

  @Override
  public void close() {
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (RuntimeException failed) {
        LOG.warn("{}; the self-test goes on cleaning up", failed.getMessage());
      }
    }
  }
}
