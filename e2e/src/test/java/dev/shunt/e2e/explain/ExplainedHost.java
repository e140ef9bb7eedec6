package dev.shunt.e2e.explain;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.PodNetwork;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A node that covers one of two joined network namespaces, and questions to it. One thread; {@link
 * #close} drains the node and removes all of it.
 */
public final class ExplainedHost implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  private final SceneName name = SceneName.fresh("explain");
  private final Teardown teardown = new Teardown();
  private final Path home;
  private final CgroupTree cgroup;
  private final PodNetwork.PodNamespace covered;
  private final PodNetwork.PodNamespace elsewhere;
  private final int metricsPort = freePort();
  private int pythons;

  private ExplainedHost() {
    SceneDirectory directory = teardown.add(SceneDirectory.create(name.toString()));
    home = directory.path();
    cgroup = teardown.add(CgroupTree.create(name.toString()));
    PodNetwork network = teardown.add(PodNetwork.create(name.toString()));
    covered = network.addPod("covered");
    elsewhere = network.addPod("other");
  }

  /**
   * Makes the host and starts its node.
   *
   * @param spec of a policy
   * @param arguments more of the node
   */
  public static ExplainedHost start(String spec, String... arguments) {
    SceneRequirements.check();
    ExplainedHost host = new ExplainedHost();
    try {
      host.startNode(spec, List.of(arguments));
      return host;
    } catch (RuntimeException failed) {
      host.close();
      throw failed;
    }
  }

  private void startNode(String spec, List<String> arguments) {
    try {
      Path policies = Files.createDirectories(home.resolve("policies"));
      Files.writeString(
          policies.resolve("covered.yaml"),
          "apiVersion: shunt.dev/v1alpha1\nkind: Acceleration\nmetadata: {name: covered}\n"
              + "spec: {hostSelector: {networkNamespace: %s}, %s}\n"
                  .formatted(covered.name(), spec));
    } catch (IOException failed) {
      throw new SceneException("write policy failed: " + failed, failed);
    }
    List<String> argv = shunt("node", "--cgroup", cgroup.path().toString());
    argv.addAll(List.of("--netns", covered.name(), "--pin-dir", pins().toString()));
    argv.addAll(List.of("--socket", socket(), "--state-dir", home.resolve("state").toString()));
    argv.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    argv.addAll(List.of("--metrics-port", Integer.toString(metricsPort), "--on-stop", "drain"));
    argv.addAll(arguments);
    SceneProcess node = SceneProcess.start("node", argv, home.resolve("node.log"));
    teardown.add(() -> node.closeWithin(ANSWER_LIMIT));
    Await.until(() -> !node.isAlive() || node.log().contains("node ready"), READY_LIMIT);
    if (!node.log().contains("node ready")) {
      throw new SceneException("start node failed: " + node.logTail());
    }
  }

  /** Starts a Python program in the cgroup and the namespace that the node covers. */
  public SceneProcess startPython(Path program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("python3", program.toString()));
    command.addAll(arguments);
    return start("python" + pythons++, command);
  }

  /** Starts any program there; what it says goes to a log of that name. */
  public SceneProcess start(String name, List<String> command) {
    List<String> argv =
        new ArrayList<>(
            List.of(SceneRequirements.program("nsenter"), "--net=/run/netns/" + covered.name()));
    argv.addAll(command);
    return teardown.add(
        SceneProcess.start(name, cgroup.joining(argv), home.resolve(name + ".log")));
  }

  /** As the other one, with a program beside this class. */
  SceneProcess startPython(String resource, List<String> arguments) {
    Path program = home.resolve(resource);
    try (InputStream source = ExplainedHost.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(source), program, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new SceneException("copy " + resource + " failed: " + failed, failed);
    }
    return startPython(program, arguments);
  }

  /** What the node said so far. */
  String nodeLog() {
    try {
      return Files.readString(home.resolve("node.log"));
    } catch (IOException failed) {
      throw new SceneException("read the node's log failed: " + failed, failed);
    }
  }

  /** What the node says of an endpoint. */
  Map<?, ?> endpoint(String name) {
    List<?> endpoints = (List<?>) Objects.requireNonNull(ask("status").get("endpoints"));
    return endpoints.stream()
        .map(each -> (Map<?, ?>) each)
        .filter(each -> name.equals(each.get("name")))
        .findFirst()
        .orElseThrow();
  }

  public Path directory() {
    return home;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new SceneException("find a free port failed: " + failed, failed);
    }
  }

  /** What the node exports. */
  String metrics() {
    try (InputStream page =
        URI.create("http://127.0.0.1:" + metricsPort + "/metrics").toURL().openStream()) {
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new SceneException("read metrics failed: " + failed, failed);
    }
  }

  /** Path of the network namespace that the node does not know. */
  String otherNamespace() {
    return "/run/netns/" + elsewhere.name();
  }

  String coveredAddress() {
    return covered.address();
  }

  String otherAddress() {
    return elsewhere.address();
  }

  /** The one JSON document that a sub-command answers. */
  public Map<?, ?> ask(String verb, String... arguments) {
    List<String> argv = shunt(verb, "--socket", socket(), "-o", "json");
    argv.addAll(List.of(arguments));
    SceneProcess asked =
        SceneProcess.startWithErrors(
            verb, argv, home.resolve(verb + ".json"), home.resolve(verb + ".err"));
    if (asked.awaitExit(ANSWER_LIMIT) != 0) {
      throw new SceneException("shunt " + verb + " failed: " + asked.logTail());
    }
    // every JSON document is a YAML document (YAML 1.2, section 1.3)
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(asked.log());
  }

  /** Starts a sub-command that answers as things happen. */
  public SceneProcess watch(String verb, String... arguments) {
    List<String> argv = shunt(verb, "--socket", socket(), "-o", "json");
    argv.addAll(List.of(arguments));
    return teardown.add(
        SceneProcess.startWithErrors(
            verb, argv, home.resolve(verb + ".json"), home.resolve(verb + ".err")));
  }

  /** Where the node pins. */
  public Path pins() {
    return Path.of("/sys/fs/bpf", name.toString());
  }

  private String socket() {
    return home.resolve("node.sock").toString();
  }

  private static List<String> shunt(String... arguments) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.shunt.ShuntMain"));
    argv.addAll(List.of(arguments));
    return argv;
  }

  @Override
  public void close() {
    teardown.close();
  }
}
