package dev.shunt.e2e.verify.faults;

import dev.shunt.datapath.layout.PairRow;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import dev.shunt.e2e.verify.behaviour.PeerBed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the node stands on goes away or is used up. Stateless. */
final class HostFaults {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PODS = 100;
  private static final Pattern SOFT_LIMIT = Pattern.compile("(?m)^Max open files +(\\S+)");
  private static final Pattern DETAIL = Pattern.compile("\"detail\": \"([^\"]+)\"");

  private HostFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "cgroup_removed", "the covered cgroup is removed and made anew", HostFaults::cgroup),
        new Fault(
            "hooks_detached", "somebody detaches every program of the node", HostFaults::hooks),
        new Fault("pairs_full", "no room for another pair", HostFaults::pairs),
        new Fault("no_descriptors", "the node may open no more files", HostFaults::descriptors),
        new Fault("pod_churn", PODS + " pods with a policy come and go", HostFaults::pods));
  }

  /** A second node, which covers nothing else: the load's cgroup cannot be removed. */
  private static Fault.Outcome cgroup(FaultStage stage) {
    PeerBed bed = stage.add(PeerBed.make("gone"));
    NodeHost node = stage.add(new NodeHost(bed));
    Path cgroup = bed.cgroup().path();
    node.start();
    try {
      Files.delete(cgroup);
      await("the node says that its cgroup is gone", () -> !node.isReady());
      Matcher detail = DETAIL.matcher(node.ask("status").document());
      String message = detail.find() ? detail.group(1).replace(cgroup.toString(), "...") : "";
      Files.createDirectory(cgroup);
      long begin = System.nanoTime();
      await("the node covers its cgroup again", node::isReady);
      stage.awaitRedirecting();
      return new Fault.Outcome(message, millisSince(begin));
    } catch (IOException e) {
      throw new SceneException("remove cgroup " + cgroup + " failed: " + e, e);
    }
  }

  private static Fault.Outcome hooks(FaultStage stage) {
    Libbpf libbpf = new Libbpf();
    List<Path> hooks = hooksOf(stage.node());
    if (hooks.size() < 5) {
      throw new SceneException("too few hooks are pinned: " + hooks);
    }
    for (Path hook : hooks) {
      try (BpfLink link = libbpf.openLink(hook).orElseThrow()) {
        link.detach();
      }
    }
    long begin = System.nanoTime();
    await("every hook is attached again", () -> areAttached(libbpf, hooksOf(stage.node())));
    long took = millisSince(begin);
    stage.awaitRedirecting();
    return new Fault.Outcome("", took);
  }

  /** Tracepoints and iterators cannot be detached by others. */
  private static List<Path> hooksOf(NodeHost node) {
    try (Stream<Path> files = Files.list(version(node).resolve("links"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("(guard_|pair-|adopt-).*"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean areAttached(Libbpf libbpf, List<Path> hooks) {
    for (Path hook : hooks) {
      try (BpfLink link = libbpf.openLink(hook).orElse(null)) {
        if (link == null || !link.isAttached()) {
          return false;
        }
      }
    }
    return hooks.size() >= 5;
  }

  private static Fault.Outcome pairs(FaultStage stage) {
    long begin = System.nanoTime();
    try (BpfMap pairs =
        new Libbpf().openMap(version(stage.node()).resolve("maps/pairs")).orElseThrow()) {
      ByteBuffer row =
          ByteBuffer.allocate(PairRow.LAYOUT.size()).order(ByteOrder.nativeOrder()).putLong(0, 0);
      for (long nonce = 1; nonce <= pairs.shape().maxEntries(); nonce++) {
        try {
          ByteBuffer key = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
          pairs.update(key.putLong(0, nonce), row);
        } catch (RuntimeException full) {
          break;
        }
      }
      await("connections are refused for want of room", () -> refusals(stage, "map_full") > 0);
    }
    await(
        "there is room again",
        () -> {
          long before = refusals(stage, "map_full");
          stage.awaitRedirecting();
          return refusals(stage, "map_full") == before;
        });
    return new Fault.Outcome("map_full in stats and metrics", millisSince(begin));
  }

  private static long refusals(FaultStage stage, String reason) {
    return stage.node().stats().connections().getOrDefault(reason, 0L);
  }

  private static Fault.Outcome descriptors(FaultStage stage) {
    String pid = Long.toString(stage.node().pid());
    String before = softLimit(stage.node().pid());
    stage.run("prlimit", "--pid", pid, "--nofile=1:");
    NodeHost.Answer answer = stage.node().ask("status");
    stage.run("prlimit", "--pid", pid, "--nofile=" + before + ":");
    long begin = System.nanoTime();
    await("the node answers again", stage.node()::isReady);
    long took = millisSince(begin);
    stage.awaitRedirecting();
    return new Fault.Outcome(answer.errors().strip(), took);
  }

  private static String softLimit(long pid) {
    Path limits = Path.of("/proc", Long.toString(pid), "limits");
    try {
      Matcher limit = SOFT_LIMIT.matcher(Files.readString(limits));
      if (!limit.find()) {
        throw new SceneException("read " + limits + " failed: it names no limit of open files");
      }
      return limit.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Fault.Outcome pods(FaultStage stage) {
    for (int i = 0; i < PODS; i++) {
      String name = stage.bed().name() + "-p" + i;
      Path policy = stage.node().policyFile(name);
      try {
        stage.run("ip", "netns", "add", name);
        Files.writeString(policy, NodeHost.policy(name, "accelerate"));
        stage.run("ip", "-netns", name, "link", "set", "lo", "up");
      } catch (IOException e) {
        throw new SceneException("write policy of " + name + " failed: " + e, e);
      } finally {
        stage.run("ip", "netns", "delete", name);
        delete(policy);
      }
    }
    long begin = System.nanoTime();
    await(
        "the node forgets the pods",
        () -> !stage.node().ask("status").document().contains(stage.bed().name() + "-p"));
    stage.awaitRedirecting();
    return new Fault.Outcome("", millisSince(begin));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path version(NodeHost node) {
    return node.pins().resolve("v" + PinDirectory.LAYOUT_VERSION);
  }

  private static void await(String what, BooleanSupplier condition) {
    if (!Await.until(condition, LIMIT)) {
      throw new SceneException("not within " + LIMIT.toSeconds() + " s: " + what);
    }
  }

  private static long millisSince(long begin) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }
}
