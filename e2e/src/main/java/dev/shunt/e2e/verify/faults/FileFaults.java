package dev.shunt.e2e.verify.faults;

import dev.shunt.cli.ExitCode;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the node keeps in files goes wrong. Stateless. */
final class FileFaults {
  private static final int FLIPS = 10;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern DETAIL = Pattern.compile("\"detail\": \"([^\"]*)\"");

  private FileFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault("policy_malformed", "a policy file becomes garbage", FileFaults::malformed),
        new Fault("policy_flips", FLIPS + " changes of a policy's mode", FileFaults::policyFlips),
        new Fault("state_full", "no space where the node keeps its state", FileFaults::stateFull),
        new Fault("state_corrupt", "garbage in the node's state files", FileFaults::stateCorrupt),
        new Fault("pins_wiped", "all pins are removed while the node runs", FileFaults::pinsWiped),
        new Fault(
            "pins_wiped_while_down",
            "all pins are removed after a stop with --on-stop=keep",
            FileFaults::pinsWipedWhileDown));
  }

  private static Fault.Outcome malformed(FaultStage stage) {
    Path policy = stage.node().policyFile(stage.bed().namespaces().get(0));
    String good = read(policy);
    write(policy, "spec: [this is: not a policy\n");
    if (!Await.until(() -> !detail(stage.node()).isEmpty(), LIMIT)) {
      throw new SceneException("status does not tell of the policy file");
    }
    String message = detail(stage.node());
    stage.awaitRedirecting(); // by the last good policy
    write(policy, good);
    if (!Await.until(() -> detail(stage.node()).isEmpty(), LIMIT)) {
      throw new SceneException("status tells of the policy file still: " + detail(stage.node()));
    }
    return new Fault.Outcome(shorten(message, policy), 0);
  }

  private static Fault.Outcome policyFlips(FaultStage stage) {
    long slowest = 0;
    for (int i = 0; i < FLIPS; i++) {
      everyPolicy(stage, i % 2 == 0 ? "observe" : "off");
      stage.awaitQuiet();
      everyPolicy(stage, "accelerate");
      slowest = Math.max(slowest, stage.awaitRedirecting());
    }
    return new Fault.Outcome("", slowest);
  }

  private static void everyPolicy(FaultStage stage, String mode) {
    for (String namespace : stage.bed().namespaces()) {
      write(stage.node().policyFile(namespace), NodeHost.policy(namespace, mode));
    }
  }

  private static Fault.Outcome stateFull(FaultStage stage) {
    Path state = stage.node().state();
    stage.node().close();
    stage.run("mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "shunt-fault", state.toString());
    stage.add(() -> stage.run("umount", "--lazy", state.toString()));
    stage.node().start();
    fill(state.resolve("filler"));
    NodeHost.Answer answer = stage.node().ask("mode", "off");
    if (answer.exitCode() == ExitCode.OK) {
      throw new SceneException("a mode that could not be kept was accepted");
    }
    stage.awaitRedirecting(); // nothing changed
    delete(state.resolve("filler"));
    stage.node().mode("off");
    stage.node().mode("policy");
    stage.awaitRedirecting();
    return new Fault.Outcome(shorten(answer.errors().strip(), state), 0);
  }

  /** Until there is no byte left. */
  private static void fill(Path file) {
    try (var out = Files.newOutputStream(file)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      // as it should be
    }
  }

  private static Fault.Outcome stateCorrupt(FaultStage stage) {
    stage.node().kill();
    for (String file : List.of("mode", "endpoints")) {
      write(stage.node().state().resolve(file), "\u0000\u0001garbage\n");
    }
    stage.node().start();
    stage.awaitRedirecting();
    String message =
        stage.node().log().lines().filter(line -> line.contains("WARN")).findFirst().orElse("");
    if (message.isEmpty()) {
      throw new SceneException("the node does not tell of its state files");
    }
    return new Fault.Outcome(
        shorten(message.replaceFirst("^\\S+ +WARN +\\S+ ", ""), stage.node().state()), 0);
  }

  private static Fault.Outcome pinsWiped(FaultStage stage) {
    SceneDirectory.existing(stage.node().pins()).close();
    stage.awaitRedirecting(); // the node holds what it pinned
    stage.node().close();
    long begin = System.nanoTime();
    stage.node().start();
    stage.awaitRedirecting();
    return new Fault.Outcome(
        NodeFaults.readyLine(stage.node()),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
  }

  private static Fault.Outcome pinsWipedWhileDown(FaultStage stage) {
    stage.node().close();
    stage.node().start("keep");
    stage.awaitRedirecting();
    stage.node().close();
    SceneDirectory.existing(stage.node().pins()).close();
    long begin = System.nanoTime();
    stage.node().start();
    stage.awaitRedirecting();
    return new Fault.Outcome(
        NodeFaults.readyLine(stage.node()),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
  }

  /** The status's own, which comes first; empty when all is well. */
  private static String detail(NodeHost node) {
    Matcher found = DETAIL.matcher(node.ask("status").document());
    return found.find() ? found.group(1) : "";
  }

  /** Without the folders of this run. */
  private static String shorten(String message, Path path) {
    return message
        .replace(path.toString(), String.valueOf(path.getFileName()))
        .replace(path.getParent() + "/", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new SceneException("write " + file + " failed: " + e, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new SceneException("delete " + file + " failed: " + e, e);
    }
  }
}
