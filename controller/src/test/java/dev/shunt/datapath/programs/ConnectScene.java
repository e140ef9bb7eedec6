package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.FileIdentity;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.desired.connect.ConnectCompiler;
import dev.shunt.desired.connect.ConnectNames;
import dev.shunt.desired.connect.ConnectRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Connect rules over a cgroup of its own, and a network namespace in which every address of
 * 10.0.0.0/8 and fd00::/8 is a local one. One thread; closing removes all of it.
 */
final class ConnectScene implements AutoCloseable, ConnectNames {
  static final CgroupTree TREE = CgroupTree.find().orElseThrow();

  final Path pins;
  final Path cgroup;
  final TestNetns netns = new TestNetns();
  ConnectDatapath datapath;

  ConnectScene(String name) throws IOException {
    String own = "shunt-" + name + "-" + ProcessHandle.current().pid();
    pins = Linux.mountOf("bpf").orElseThrow().resolve(own);
    cgroup = Files.createDirectory(TREE.root().resolve(own));
    netns.call(
        () -> {
          TestObjects.run(List.of("ip", "route", "add", "local", "10.0.0.0/8", "dev", "lo"));
          return TestObjects.run(
              List.of("ip", "-6", "route", "add", "local", "fd00::/8", "dev", "lo"));
        });
    datapath = open();
  }

  ConnectDatapath open() {
    return ConnectDatapath.open(new Libbpf(), pins, TREE, List.of(cgroup));
  }

  void apply(ConnectRules rules) {
    datapath.maps().replace(ConnectCompiler.compile(rules, this).tables());
  }

  @Override
  public OptionalLong netnsCookie(String namespace) {
    return namespace.equals("test")
        ? OptionalLong.of(netns.call(Linux::netnsCookie))
        : OptionalLong.empty();
  }

  @Override
  public OptionalLong cgroupId(String path) {
    Path directory = TREE.root().resolve(path.substring(1));
    return Files.isDirectory(directory)
        ? OptionalLong.of(TREE.id(directory))
        : OptionalLong.empty();
  }

  @Override
  public Optional<FileId> file(String path) {
    if (!Files.isRegularFile(Path.of(path))) {
      return Optional.empty();
    }
    FileIdentity identity = Linux.identityOf(Path.of(path));
    return Optional.of(new FileId(identity.inode(), (int) identity.device()));
  }

  @Override
  public void close() throws IOException {
    datapath.remove();
    netns.close();
    Files.delete(cgroup);
  }
}
