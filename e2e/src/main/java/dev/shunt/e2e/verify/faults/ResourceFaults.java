package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Memory runs out, and the clock jumps. Stateless. */
final class ResourceFaults {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A load of eight threads holds some 20 MiB of its own. */
  private static final long LOAD_BYTES = 64L << 20;

  /** A small part of what the buffers of the load's sockets want. */
  private static final long SOCKET_BYTES = 1L << 20;

  private ResourceFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "memory_of_load",
            "sockets in a memory cgroup with " + (SOCKET_BYTES >> 20) + " MiB for all of them",
            ResourceFaults::loadsMemory),
        new Fault(
            "memory_of_node",
            "the kernel kills the node for want of memory, then a start",
            ResourceFaults::nodesMemory),
        new Fault(
            "clock_jumps",
            "the wall clock of the node jumps 30 days ahead, 60 back and returns",
            ResourceFaults::clock));
  }

  private static Fault.Outcome loadsMemory(FaultStage stage) {
    stage.endLoads();
    MemoryGroup group = stage.add(MemoryGroup.ofLoads(stage, LOAD_BYTES));
    group.limitSockets(SOCKET_BYTES);
    stage.startLoad(group::joining, "checksummed_load", "--connections", "8");
    long took = stage.awaitRedirecting();
    stage.awaitRedirecting();
    stage.endLoads();
    stage.startLoad("checksummed_load", "--connections", "4");
    stage.awaitRedirecting();
    return new Fault.Outcome("", took);
  }

  private static Fault.Outcome nodesMemory(FaultStage stage) {
    long before = stage.node().stats().bytesRedirected();
    long pid = stage.node().pid();
    // what it asks for from now on has no room
    stage.add(MemoryGroup.make(stage, "node", 1 << 20)).take(pid);
    boolean ended =
        Await.until(
            () -> {
              stage.node().ask("status");
              return !SceneProcess.isRunning(pid);
            },
            LIMIT);
    if (!ended) {
      throw new SceneException("the node lives without memory");
    }
    stage.node().start();
    if (stage.node().stats().bytesRedirected() <= before) {
      throw new SceneException("nothing was redirected while no node ran");
    }
    stage.awaitRedirecting();
    return new Fault.Outcome(NodeFaults.readyLine(stage.node()), 0);
  }

  private static Fault.Outcome clock(FaultStage stage) {
    Path folder = stage.folder("clock");
    Path offset = folder.resolve("offset");
    jump(offset, 0);
    List<String> environment =
        List.of("env", "LD_PRELOAD=" + shim(stage, folder), "SHUNT_CLOCK_OFFSET=" + offset);
    stage.replaceNode(
        new NodeHost(stage.bed(), ShuntProgram.thisBuild().asNode().behind(environment)));
    stage.awaitRedirecting();
    String today = day(stage);
    for (int days : List.of(30, -30, 0)) {
      jump(offset, Duration.ofDays(days).toSeconds());
      if (days == 0 != day(stage).equals(today)) {
        throw new SceneException("the clock did not jump: " + day(stage));
      }
      stage.node().mode("off");
      stage.awaitQuiet();
      stage.node().mode("policy");
      stage.awaitRedirecting();
    }
    return new Fault.Outcome("", 0);
  }

  /** In place: the node has mapped the file. */
  private static void jump(Path file, long seconds) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, seconds), 0);
    } catch (IOException e) {
      throw new SceneException("write " + file + " failed: " + e, e);
    }
  }

  private static Path shim(FaultStage stage, Path folder) {
    Path source = folder.resolve("clock.c");
    Path library = folder.resolve("clock.so");
    try (InputStream text = ResourceFaults.class.getResourceAsStream("clock.c")) {
      Files.write(source, Objects.requireNonNull(text).readAllBytes());
    } catch (IOException e) {
      throw new SceneException("write " + source + " failed: " + e, e);
    }
    stage.run("gcc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString());
    return library;
  }

  /** As the node sees it. */
  private static String day(FaultStage stage) {
    return stage.node().ask("stats").document().replaceAll("(?s).*\"time\": \"([^T]*)T.*", "$1");
  }
}
