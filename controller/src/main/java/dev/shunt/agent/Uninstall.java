package dev.shunt.agent;

import dev.shunt.datapath.host.HostDirectory;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TcAttachment;
import dev.shunt.datapath.programs.ConnectDatapath;
import dev.shunt.datapath.programs.PinnedVersion;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes from this host what nodes have made: programs and maps of every version, sockets, state.
 * Traffic goes back to TCP first. One thread, once.
 */
final class Uninstall {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Libbpf libbpf;
  private final List<String> removed = new ArrayList<>();
  private final List<String> found = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();
  private long socketsLeft;

  Uninstall(Libbpf libbpf) {
    this.libbpf = libbpf;
  }

  /** What was removed, in order. */
  List<String> removed() {
    return List.copyOf(removed);
  }

  /** What is still there, and why. */
  List<String> kept() {
    return List.copyOf(kept);
  }

  /** Sockets whose reader has not read its redirected bytes yet: programs end with them. */
  long socketsLeft() {
    return socketsLeft;
  }

  /** Says of something that another process has removed. */
  void note(String done) {
    removed.add(done);
  }

  /** Notes what is pinned, before a node that drains takes it away itself. */
  void survey(Path directory) {
    for (PinnedVersion version : PinnedVersion.all(libbpf, directory)) {
      for (String part : version.parts()) {
        found.add(part + " of layout " + version.layout());
      }
    }
    found.addAll(ConnectDatapath.parts(directory));
    if (PacketGuard.isPinned(directory)) {
      found.add("traffic filters");
    }
  }

  /** Programs and maps of every version; the caller holds the lock of the directory. */
  void pins(Path directory) {
    for (PinnedVersion version : PinnedVersion.all(libbpf, directory)) {
      socketsLeft += version.drain(PATIENCE);
      version.remove();
    }
    ConnectDatapath.removeLeftOver(libbpf, directory);
    PacketGuard.removeLeftOver(libbpf, directory);
  }

  /** Says that what {@link #survey} found is gone. */
  void pinsAreGone() {
    removed.addAll(found);
    found.clear();
  }

  /** On kernels without tcx, filters outlive the node that attached them. */
  void filters() {
    List<String> names = new ArrayList<>(List.of(NetworkNamespace.HOST));
    names.addAll(NetworkNamespace.named());
    for (String name : names) {
      try (NetworkNamespace namespace = NetworkNamespace.open(name)) {
        namespace
            .facts()
            .interfaces()
            .forEach((device, ifindex) -> filter(namespace, device, ifindex));
      } catch (BpfException gone) {
        kept.add("filters of network namespace " + name + ": " + gone.getMessage());
      }
    }
  }

  private void filter(NetworkNamespace namespace, String device, int ifindex) {
    if (Netns.call(
        namespace.fd(),
        () -> TcAttachment.removeLeftOver(libbpf, ifindex, TcAttachment.Spot.ADOPTION))) {
      removed.add("filter of " + namespace.name() + ":" + device);
    }
  }

  /** The socket of the API and its directory, if nobody else uses that. */
  void socket(Path socket) throws IOException {
    delete("socket", socket);
    Path directory = socket.getParent();
    if (directory != null && directory.endsWith("shunt")) {
      delete("directory", directory);
    }
  }

  /** What survives restarts. Files of this directory only: nothing is followed. */
  void state(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          delete("file", file);
        }
      }
    }
    delete("directory", directory);
  }

  /** Says that state stays. */
  void keepState(Path directory) {
    if (Files.isDirectory(directory)) {
      kept.add("directory " + directory + ": --purge removes it");
    }
  }

  private void delete(String what, Path path) throws IOException {
    Path named = path;
    if (Linux.isMountPoint(path)) {
      Optional<Path> onHost = HostDirectory.of(path);
      if (onHost.isEmpty()) {
        kept.add(what + " " + path + ": it is a mount point, and no directory of the host");
        return;
      }
      named = onHost.get();
    }
    try {
      if (Files.deleteIfExists(named)) {
        removed.add(what + " " + path);
      }
    } catch (DirectoryNotEmptyException used) {
      kept.add(what + " " + path + ": it is not empty");
    }
  }
}
