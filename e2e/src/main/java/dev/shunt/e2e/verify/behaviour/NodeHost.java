package dev.shunt.e2e.verify.behaviour;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code shunt node} of this build as a child process, with pins, state, policy and socket of its
 * own. One thread; {@link #close} drains it, which may take seconds.
 */
public final class NodeHost implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(20);
  private static final Path BPF_FILE_SYSTEM = Path.of("/sys/fs/bpf");

  private final NodePlace place;
  private final ShuntProgram program;
  private final Path home;
  private final Path pins;
  private @Nullable SceneProcess node;

  /** A node of this build that covers a bed; it is not started yet. */
  public NodeHost(PeerBed bed) {
    this(bed, ShuntProgram.thisBuild().asNode());
  }

  /** As the other one, with a node of another build. */
  public NodeHost(PeerBed bed, ShuntProgram program) {
    this(bed.place(), program);
  }

  /** A node of a build that covers any place; it is not started yet. */
  public NodeHost(NodePlace place, ShuntProgram program) {
    this.place = place;
    this.program = program;
    home = place.directory().resolve("node");
    pins = BPF_FILE_SYSTEM.resolve(place.name());
  }

  /**
   * Starts the node and blocks until it is ready.
   *
   * @throws SceneException when it ends or is not ready in time
   */
  public void start() {
    start("drain");
  }

  /**
   * As the other one.
   *
   * @param onStop {@code drain} or {@code keep}: what SIGTERM means
   */
  public void start(String onStop) {
    SceneProcess started = launch(onStop);
    boolean ready = Await.until(() -> !started.isAlive() || isReady(), READY_LIMIT);
    if (!ready || !started.isAlive()) {
      throw new SceneException("start node failed: not ready: " + started.logTail());
    }
  }

  /** Writes the files that {@link #command} names. */
  void prepare() {
    try {
      Files.createDirectories(home.resolve("state"));
      Files.createDirectories(home.resolve("policies"));
      for (String namespace : place.namespaces()) {
        Files.writeString(policyFile(namespace), place.policies().apply(namespace));
      }
    } catch (IOException e) {
      throw new SceneException("write files of the node failed: " + e, e);
    }
  }

  private SceneProcess launch(String onStop) {
    prepare();
    SceneProcess started =
        SceneProcess.start(
            "node", program.command(nodeArguments(onStop)), home.resolve("node.log"));
    node = started;
    return started;
  }

  /** The policy of a namespace of the bed, with a mode. */
  public static String policy(String namespace, String mode) {
    return String.join(
        "\n",
        "apiVersion: shunt.dev/v1alpha1",
        "kind: Acceleration",
        "metadata:",
        "  name: " + namespace,
        "spec:",
        "  hostSelector:",
        "    networkNamespace: " + namespace,
        "  mode: " + mode,
        "  paths:",
        "    samePod: true",
        "    sameNode: true",
        "");
  }

  private List<String> nodeArguments(String onStop) {
    List<String> arguments =
        new ArrayList<>(List.of("node", "--cgroup", place.cgroup().path().toString()));
    for (String namespace : place.namespaces()) {
      arguments.addAll(List.of("--netns", namespace));
    }
    arguments.addAll(List.of("--pin-dir", pins.toString(), "--socket", socket().toString()));
    arguments.addAll(List.of("--state-dir", home.resolve("state").toString()));
    arguments.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    arguments.addAll(List.of("--metrics-port", "0", "--on-stop", onStop));
    return arguments;
  }

  /** Whether the node answers that it does its work. */
  public boolean isReady() {
    return Files.exists(socket()) && ask("status").exitCode() == ExitCode.OK;
  }

  /** What a sub-command answered. */
  public record Answer(int exitCode, String document, String errors) {}

  /** The file with the policy of a namespace of the bed. */
  public Path policyFile(String namespace) {
    return home.resolve("policies").resolve(namespace + ".yaml");
  }

  /** Where the node keeps what survives restarts. */
  public Path state() {
    return home.resolve("state");
  }

  /** Where it pins. */
  public Path pins() {
    return pins;
  }

  /** The node's API. */
  public Path socket() {
    return home.resolve("node.sock");
  }

  /** What the node said so far, since its last start. */
  public String log() {
    return node == null ? "" : node.log();
  }

  /** Process id of the node. */
  public long pid() {
    return node == null ? 0 : node.pid();
  }

  /** Asks the node within this process: a JVM for each question would take most of the time. */
  public Answer ask(String... verb) {
    StringWriter document = new StringWriter();
    StringWriter errors = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(verb));
    arguments.addAll(List.of("--socket", socket().toString(), "-o", "json"));
    int exitCode =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(document))
            .setErr(new PrintWriter(errors))
            .execute(arguments.toArray(String[]::new));
    return new Answer(exitCode, document.toString(), errors.toString());
  }

  /** Starts a sub-command that answers as things happen; the caller closes it. */
  public SceneProcess watch(String verb) {
    return SceneProcess.start(
        verb,
        program.command(List.of(verb, "--socket", socket().toString(), "-o", "json")),
        home.resolve(verb + ".log"));
  }

  /** Ends the node with SIGKILL, as the kernel's OOM killer would; what it pinned stays. */
  public void kill() {
    if (node != null) {
      ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroyForcibly);
      node.awaitExit(ANSWER_LIMIT);
    }
  }

  /** Runs {@code shunt mode NAME}. */
  public void mode(String name) {
    Answer answer = ask("mode", name);
    if (answer.exitCode() != ExitCode.OK) {
      throw new SceneException("set mode " + name + " failed: " + answer.errors());
    }
  }

  /** What {@code shunt status} says, as JSON. */
  String status() {
    return ask("status").document();
  }

  /** Runs {@code shunt uninstall} with this node's places; whether it runs does not matter. */
  String uninstall() {
    StringWriter document = new StringWriter();
    StringWriter errors = new StringWriter();
    int exitCode =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(document))
            .setErr(new PrintWriter(errors))
            .execute(
                "uninstall",
                "--yes",
                "--purge",
                "--pin-dir=" + pins,
                "--state-dir=" + home.resolve("state"),
                "--socket=" + socket(),
                "--output=json");
    if (exitCode != ExitCode.OK) {
      throw new SceneException("uninstall failed: exit code " + exitCode + ": " + errors);
    }
    return document.toString();
  }

  /** The command line of this node. */
  List<String> command() {
    return program.command(nodeArguments("drain"));
  }

  /** Whether anything of the node is left in the BPF file system. */
  public boolean isPinned() {
    return Files.exists(pins);
  }

  /** Totals since the start, connections that have closed included. */
  public HostStats stats() {
    Answer answer = ask("stats");
    if (answer.exitCode() != ExitCode.OK) {
      throw new SceneException("read statistics of the node failed: " + answer.errors());
    }
    return HostStats.parse(answer.document());
  }

  /** Names of the traits that were learned of the workloads below a cgroup, by {@code traits}. */
  List<String> traits(String cgroup) {
    Answer answer = ask("traits");
    if (answer.exitCode() != ExitCode.OK) {
      throw new SceneException("read traits of the node failed: " + answer.errors());
    }
    return HostTraits.parse(answer.document(), cgroup);
  }

  @Override
  public void close() {
    if (node != null) {
      node.closeWithin(DRAIN_LIMIT);
    }
  }
}
