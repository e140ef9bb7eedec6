package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The real {@code shunt node} as a child process with a socket, pins, state and policy of its own,
 * so that it meets no other node of the host. Asked only through the command line, as a user would.
 */
public final class ChildNode implements AcceleratedNode {
  private static final String HOME = "node";
  private static final int ROOT_UID = 0;
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  /** The node drains live traffic back to TCP on SIGTERM; idle connections take it no time. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(15);

  private final NodePlan plan;
  private final Path home;
  private final Path socket;
  private final Path pins;
  private final ShuntProgram shunt = ShuntProgram.thisBuild();
  private @Nullable SceneProcess process;

  /** Prepares the node; nothing runs yet. */
  public ChildNode(NodePlan plan) {
    this.plan = plan;
    home = plan.directory().path().resolve(HOME);
    socket = home.resolve("node.sock");
    pins = SceneSweep.BPF_PINS.resolve(plan.name());
  }

  @Override
  public String purpose() {
    return "starting the node, covering the accelerated chain alone";
  }

  @Override
  public synchronized void start() {
    writeFiles();
    // the node must see a SIGTERM, not a SIGKILL, when the demo is killed: it then drains
    List<String> argv =
        new ArrayList<>(List.of(SceneRequirements.program("setpriv"), "--pdeathsig=TERM", "--"));
    argv.addAll(shunt.command(nodeArguments()));
    process = SceneProcess.start("node", plan.own().joining(argv), log("node"));
  }

  private void writeFiles() {
    plan.directory().folder(HOME, ROOT_UID);
    plan.directory().folder(HOME + "/state", ROOT_UID);
    Path policies = plan.directory().folder(HOME + "/policies", ROOT_UID);
    SceneDirectory.write(
        policies.resolve("demo.yaml"), DemoPolicy.text(plan.namespaces(), plan.mode()), ROOT_UID);
  }

  private List<String> nodeArguments() {
    List<String> arguments =
        new ArrayList<>(List.of("node", "--cgroup", plan.covered().path().toString()));
    for (String namespace : plan.namespaces()) {
      arguments.addAll(List.of("--netns", namespace));
    }
    arguments.addAll(
        List.of(
            "--pin-dir",
            pins.toString(),
            "--socket",
            socket.toString(),
            "--state-dir",
            home.resolve("state").toString(),
            "--policy-dir",
            home.resolve("policies").toString(),
            "--metrics-port",
            "0",
            "--speed-check", // who measures here compares with TCP by itself
            "0",
            "--on-stop",
            "drain"));
    return arguments;
  }

  @Override
  public void awaitReady() {
    SceneProcess node = running();
    Await.until(() -> !node.isAlive() || Files.exists(socket), READY_LIMIT);
    if (!node.isAlive()) {
      throw new SceneException("start node failed: it ended: " + node.logTail());
    }
    // the socket may be there before the last program is attached; status says ready, or not
    boolean ready = Await.until(() -> !node.isAlive() || succeeds("status"), READY_LIMIT);
    if (!ready || !node.isAlive()) {
      throw new SceneException("await node failed: it is not ready: " + node.logTail());
    }
    // a busy machine can fail the self-test at first: its waits are short
    if (refusal().isPresent()) {
      succeeds("selftest");
    }
    refusal().ifPresent(ChildNode::refuse);
  }

  private static void refuse(String why) {
    throw new SceneUnavailableException("accelerate this host failed: " + why);
  }

  private Optional<String> refusal() {
    return NodeStatusText.refusal(answer("status"));
  }

  private boolean succeeds(String verb) {
    return ask(verb).awaitExit(ANSWER_LIMIT) == 0;
  }

  private String answer(String verb) {
    SceneProcess command = ask(verb);
    if (command.awaitExit(ANSWER_LIMIT) != 0) {
      throw new SceneException("read " + verb + " of the node failed: " + command.logTail());
    }
    return command.log();
  }

  @Override
  public NodeStats stats() {
    return NodeStatsText.parse(answer("stats"));
  }

  private SceneProcess ask(String verb) {
    List<String> arguments = List.of(verb, "--socket", socket.toString(), "-o", "json");
    // standard error has a log of its own: standard output must be one document
    return SceneProcess.startWithErrors(
        verb, shunt.command(arguments), log(verb), log(verb + "-errors"));
  }

  private Path log(String name) {
    return plan.directory().path().resolve(name + ".log");
  }

  @Override
  public long cpuMicros() {
    return plan.own().cpuMicros();
  }

  private synchronized SceneProcess running() {
    if (process == null) {
      throw new IllegalStateException("node not started");
    }
    return process;
  }

  @Override
  public synchronized void close() {
    if (process == null) {
      return;
    }
    process.closeWithin(DRAIN_LIMIT);
    List<Path> left = SceneDirectory.filesBelow(pins);
    if (!left.isEmpty()) {
      throw new SceneException("stop node failed: it left " + left + ": " + process.logTail());
    }
    SceneDirectory.existing(pins).close();
  }
}
