package dev.shunt.selftest;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.FileIdentity;
import dev.shunt.datapath.libbpf.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cgroup where the sockops program sees the sockets that this process makes: its own if that is
 * covered, else one made for the test, which the whole process is in until this is closed. The
 * kernel takes a socket's cgroup from its maker. Used by one thread.
 */
final class CoveredCgroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoveredCgroup.class);
  private static final Duration PATIENCE = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofMillis(5);

  /** As a process id it is the writer's own, whatever the pid namespace (cgroups(7)). */
  private static final String MYSELF = "0";

  private final Path home;
  private final Path current;

  private CoveredCgroup(Path home, Path current) {
    this.home = home;
    this.current = current;
  }

  /**
   * Moves the process if it has to be.
   *
   * @param covered cgroups with the sockops program; the first gets the test's own cgroup
   * @throws IOException the process cannot be moved; it is where it was
   */
  static CoveredCgroup enter(CgroupTree tree, List<Path> covered) throws IOException {
    Path home = home(tree);
    if (covered.stream().anyMatch(home::startsWith)) {
      return new CoveredCgroup(home, home);
    }
    Path made = covered.get(0).resolve("shunt-self-test-" + ProcessHandle.current().pid());
    Files.createDirectories(made);
    CoveredCgroup cgroup = new CoveredCgroup(home, made);
    try {
      moveTo(made);
      return cgroup;
    } catch (IOException failed) {
      cgroup.remove();
      throw failed;
    }
  }

  /**
   * From /proc/self/cgroup: the line of hierarchy 0 is version 2 (cgroups(7)). In a cgroup
   * namespace of its own, such as a container's, a process sees itself at the root; then the tree
   * is searched.
   */
  private static Path home(CgroupTree tree) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      if (line.equals("0::/")) {
        return tree.holding(ProcessHandle.current().pid()).orElse(tree.root());
      } else if (line.startsWith("0::/")) {
        return tree.root().resolve(line.substring("0::/".length())).normalize();
      }
    }
    throw new IOException("find own cgroup in /proc/self/cgroup failed: no line of version 2");
  }

  private static void moveTo(Path cgroup) throws IOException {
    Files.writeString(cgroup.resolve("cgroup.procs"), MYSELF);
  }

  /** What the programs take this process for while it is here. */
  Workload workload() {
    FileIdentity executable = Linux.identityOf(Path.of("/proc/self/exe"));
    return new Workload(Linux.cgroupId(current), executable.inode(), (int) executable.device());
  }

  @Override
  public void close() {
    if (current.equals(home)) {
      return;
    }
    try {
      moveTo(home);
    } catch (IOException failed) {
      LOG.warn(
          "move this process back to cgroup {} failed: {}; it stays in {}",
          home,
          failed.getMessage(),
          current);
      return;
    }
    remove();
  }

  /* A task that is just exiting keeps its cgroup busy for a moment. */
  private void remove() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        Files.deleteIfExists(current);
        return;
      } catch (IOException busy) {
        if (System.nanoTime() > deadline) {
          LOG.warn("remove cgroup {} failed: {}; it stays, empty", current, busy.getMessage());
          return;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
