package dev.shunt.e2e.verify.programs;

import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.CaseStage;
import dev.shunt.e2e.verify.behaviour.Observations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a scenario: its servers, its clients and the facts. Main thread; {@link #close} stops
 * the servers, newest first; what they left is killed with the run's cgroup.
 */
final class ProgramRun implements AutoCloseable {
  /** Owns nothing else, and has no entry in any user database. */
  static final int UID = 10181;

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** Ten times what the slowest client takes on two busy processors. */
  private static final Duration CLIENT_LIMIT = Duration.ofSeconds(60);

  private final CaseStage stage;
  private final Scenario.Route route;
  private final ProgramFiles files;
  private final Teardown servers = new Teardown();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private int started;

  ProgramRun(CaseStage stage, Scenario.Route route, ProgramFiles files) {
    this.stage = stage;
    this.route = route;
    this.files = files;
    open(stage.directory());
  }

  /** Other users may pass through a run's folder to their own. */
  private static void open(Path folder) {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    } catch (IOException e) {
      throw new SceneException("change mode of " + folder + " failed: " + e, e);
    }
  }

  ProgramFiles files() {
    return files;
  }

  /** Where the client finds the server, and where the server listens. */
  String address() {
    return route == Scenario.Route.CROSS ? stage.bed().serverAddress() : LOOPBACK;
  }

  /** A folder of this run that {@code uid} owns. */
  Path folder(String name, int uid) {
    return SceneDirectory.existing(stage.directory()).folder(name, uid);
  }

  /** Starts a server as root in the server's namespace and waits for its port. */
  SceneProcess server(String name, int port, List<String> argv) {
    SceneProcess server = start(name, stage.bed().inServerNamespace(argv));
    servers.add(server);
    server.awaitListening(port, START_LIMIT);
    return server;
  }

  /** As {@link #server}, as an unprivileged user. */
  SceneProcess serverAs(int uid, String name, int port, List<String> argv) {
    return server(name, port, as(uid, argv));
  }

  private static List<String> as(int uid, List<String> argv) {
    List<String> command =
        new ArrayList<>(
            List.of(
                SceneRequirements.program("setpriv"),
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                "--no-new-privs",
                "--"));
    command.addAll(argv);
    return command;
  }

  /** Runs a command in the server's namespace that has to succeed, and returns its output. */
  String prepare(int uid, String name, List<String> argv) {
    SceneProcess process = start(name, stage.bed().inServerNamespace(as(uid, argv)));
    if (process.awaitExit(CLIENT_LIMIT) != 0) {
      throw new SceneException("run " + name + " failed: " + process.logTail());
    }
    return process.log();
  }

  /** Starts a client on the side of the route; the caller awaits it. */
  SceneProcess startClient(String name, List<String> argv) {
    return start(
        name,
        route == Scenario.Route.CROSS
            ? stage.bed().inClientNamespace(argv)
            : stage.bed().inServerNamespace(argv));
  }

  /** Runs a client to its end; its exit code is a fact, and has to be 0. Returns its output. */
  String client(String name, List<String> argv) {
    return await(startClient(name, argv));
  }

  /** As {@link #client}, for one that prints facts, {@code key value} in a line. */
  void factsOf(String name, List<String> argv) {
    String output = client(name, argv);
    if (!problems.isEmpty()) {
      return; // what it printed is no fact but its complaint
    }
    for (String line : output.lines().toList()) {
      String[] words = line.split(" ", 2);
      fact(name + " " + words[0], words.length == 2 ? words[1] : "");
    }
  }

  /** Awaits a client that was started; its exit code is a fact, and has to be 0. */
  String await(SceneProcess client) {
    int exitCode = client.awaitExit(CLIENT_LIMIT);
    fact(client.name() + " exit", exitCode);
    if (exitCode != 0) {
      problems.add(client.name() + " exit " + exitCode + ": " + client.logTail());
    }
    return client.log().strip();
  }

  private SceneProcess start(String name, List<String> argv) {
    Path log = stage.directory().resolve("%02d-%s.log".formatted(started++, name));
    return SceneProcess.start(name, stage.cgroup().joining(argv), log);
  }

  /** Keeps a fact that plain TCP repeats on every run. */
  void fact(String key, Object value) {
    facts.put(key, String.valueOf(value));
  }

  /** Keeps a fact and what it has to be, whatever it is compared with. */
  void expect(String key, Object expected, Object actual) {
    fact(key, actual);
    if (!String.valueOf(expected).equals(String.valueOf(actual))) {
      problems.add(key + " is " + actual + " (expected: " + expected + ")");
    }
  }

  Observations observations() {
    return problems.isEmpty()
        ? Observations.of(facts)
        : Observations.wrong(facts, String.join("; ", problems));
  }

  @Override
  public void close() {
    servers.close();
  }
}
