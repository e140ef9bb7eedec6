package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.FileIdentity;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.desired.connect.ConnectNames;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Names of this host, each looked up once: a picture of one moment. One thread.
 *
 * <p>An executable that is replaced, a cgroup that is made anew and a namespace that comes later
 * mean something else then: {@link #isStale} tells.
 */
final class HostNames implements ConnectNames {
  private final CgroupTree tree;
  private final Map<String, OptionalLong> namespaces = new HashMap<>();
  private final Map<String, OptionalLong> cgroups = new HashMap<>();
  private final Map<String, Optional<FileId>> files = new HashMap<>();

  HostNames(CgroupTree tree) {
    this.tree = tree;
  }

  @Override
  public OptionalLong netnsCookie(String namespace) {
    return namespaces.computeIfAbsent(namespace, HostNames::lookUpNamespace);
  }

  @Override
  public OptionalLong cgroupId(String cgroupPath) {
    return cgroups.computeIfAbsent(cgroupPath, this::lookUpCgroup);
  }

  @Override
  public Optional<FileId> file(String path) {
    return files.computeIfAbsent(path, HostNames::lookUpFile);
  }

  /** Whether any name that was asked for means something else now. */
  boolean isStale() {
    HostNames now = new HostNames(tree);
    return namespaces.entrySet().stream()
            .anyMatch(entry -> !now.netnsCookie(entry.getKey()).equals(entry.getValue()))
        || cgroups.entrySet().stream()
            .anyMatch(entry -> !now.cgroupId(entry.getKey()).equals(entry.getValue()))
        || files.entrySet().stream()
            .anyMatch(entry -> !now.file(entry.getKey()).equals(entry.getValue()));
  }

  /** The cookie of a namespace by its name; empty: it does not exist. */
  static OptionalLong lookUpNamespace(String name) {
    boolean exists =
        name.equals(NetworkNamespace.HOST) || Files.exists(NetworkNamespace.file(name));
    if (!exists) {
      return OptionalLong.empty();
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(name)) {
      return OptionalLong.of(namespace.cookie());
    } catch (BpfException gone) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong lookUpCgroup(String path) {
    Path directory = tree.root().resolve(path.replaceFirst("^/+", ""));
    try {
      return Files.isDirectory(directory)
          ? OptionalLong.of(tree.id(directory))
          : OptionalLong.empty();
    } catch (BpfException | UncheckedIOException gone) {
      return OptionalLong.empty();
    }
  }

  private static Optional<FileId> lookUpFile(String path) {
    Path file = Path.of(path);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      FileIdentity identity = Linux.identityOf(file);
      return Optional.of(new FileId(identity.inode(), (int) identity.device()));
    } catch (BpfException | UncheckedIOException gone) {
      return Optional.empty();
    }
  }
}
