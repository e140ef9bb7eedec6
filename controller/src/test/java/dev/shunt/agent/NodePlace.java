package dev.shunt.agent;

import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.host.CgroupTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What belongs to the nodes of a test, and to no other node of the host. One thread.
 *
 * @param home for their files
 * @param cgroup that they cover
 * @param pins their directory in the BPF file system
 */
record NodePlace(Path home, Path cgroup, Path pins) {

  /** Makes the cgroup and the folder of policies; what is not below home has this name. */
  static NodePlace make(Path home, String name) throws IOException {
    Path cgroup = CgroupTree.find().orElseThrow().root().resolve(name);
    Files.createDirectory(cgroup);
    return at(home, cgroup, name);
  }

  /** As {@link #make}, with a cgroup that somebody else makes and removes. */
  static NodePlace at(Path home, Path cgroup, String name) throws IOException {
    Files.createDirectories(home.resolve("policies"));
    return new NodePlace(home, cgroup, Path.of("/sys/fs/bpf", name));
  }

  /** The socket of the node that runs. */
  String socket() {
    return home.resolve("node.sock").toString();
  }

  /** The file of a policy. */
  Path policy(String file) {
    return home.resolve("policies").resolve(file);
  }

  private Path state() {
    return home.resolve("state");
  }

  /** Starts a node and waits until it works. */
  NodeProcess start(String id, String... more) throws IOException, InterruptedException {
    return start(id, List.of(), more);
  }

  /** As {@link #start}, with further settings of the JVM. */
  NodeProcess start(String id, List<String> settings, String... more)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--cgroup", cgroup.toString()));
    arguments.addAll(List.of("--socket", socket(), "--pin-dir", pins.toString()));
    arguments.addAll(List.of("--state-dir", state().toString()));
    arguments.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    arguments.addAll(List.of(more));
    return NodeProcess.start(home, id, settings, arguments).awaitReady();
  }

  /** Removes what nodes have pinned and kept, as a user would; returns what that printed. */
  String uninstall() {
    return new NodeClient(socket())
        .run(ExitCode.OK, "uninstall", "--yes", "--pin-dir=" + pins, "--state-dir=" + state());
  }

  /** Uninstalls, and removes the cgroup. Nothing runs any more. */
  void remove() throws IOException {
    try {
      uninstall();
    } finally {
      Files.delete(cgroup);
    }
  }
}
