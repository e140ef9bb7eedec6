package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.FileIdentity;
import dev.shunt.datapath.libbpf.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the names of workloads by their numbers, and the other way round, with the help of the
 * processes in a cgroup. Thread-safe; reads /proc.
 */
final class WorkloadNames {
  /**
   * What a workload is called.
   *
   * @param cgroup path below the root of the hierarchy; empty: anywhere, or it is gone
   * @param executable path as its process sees it; empty: no process tells it
   */
  record Name(String cgroup, String executable) {
    @Override
    public String toString() {
      return cgroup + ":" + executable;
    }
  }

  private static final Name UNKNOWN = new Name("", "");

  private record Running(Path link, FileIdentity file) {}

  private final CgroupTree cgroups;
  private final Map<Workload, Name> known = new HashMap<>();

  WorkloadNames(CgroupTree cgroups) {
    this.cgroups = cgroups;
  }

  /** The names of a workload; one that was found is kept when its process or cgroup has ended. */
  synchronized Name of(Workload workload) {
    Name name = known.getOrDefault(workload, UNKNOWN);
    if (name.executable().isEmpty()) {
      Name found = look(workload);
      name = found.cgroup().isEmpty() ? name : found;
      known.put(workload, name);
    }
    return name;
  }

  /** Takes a name from an earlier process of the node. */
  synchronized void remember(Workload workload, Name name) {
    known.putIfAbsent(workload, name);
  }

  /** Drops the names of workloads that nobody asks for any more. */
  synchronized void retain(Set<Workload> asked) {
    known.keySet().retainAll(asked);
  }

  private Name look(Workload workload) {
    Optional<Path> cgroup =
        workload.cgroupId() == 0 ? Optional.empty() : cgroups.path(workload.cgroupId());
    String path = cgroup.map(found -> "/" + cgroups.root().relativize(found)).orElse("");
    String executable =
        cgroup.map(WorkloadNames::processes).orElse(List.of()).stream()
            .filter(process -> process.file().inode() == workload.executableInode())
            .map(process -> process.link().toString())
            .findFirst()
            .orElse("");
    return new Name(path, executable);
  }

  /** Path of a cgroup below the root of the hierarchy; empty when it is gone. */
  String cgroupPath(long cgroupId) {
    return cgroups.path(cgroupId).map(found -> "/" + cgroups.root().relativize(found)).orElse("");
  }

  /** Whether a cgroup exists. */
  boolean exists(long cgroupId) {
    return cgroups.path(cgroupId).isPresent();
  }

  /** The id of a cgroup; empty when it does not exist. */
  Optional<Long> cgroupId(String cgroup) {
    Path directory = cgroups.root().resolve(cgroup.replaceFirst("^/+", ""));
    return Files.isDirectory(directory) ? Optional.of(cgroups.id(directory)) : Optional.empty();
  }

  /**
   * The file that an executable's path means in a cgroup, or on the host when nothing runs there;
   * empty unless it still has this inode: another file is another workload.
   */
  Optional<FileIdentity> executable(String cgroup, String path, long inode) {
    Path directory = cgroups.root().resolve(cgroup.replaceFirst("^/+", ""));
    for (Running process : processes(directory)) {
      if (process.link().toString().equals(path) && process.file().inode() == inode) {
        return Optional.of(process.file());
      }
    }
    return identity(Path.of(path)).filter(file -> file.inode() == inode);
  }

  private static List<Running> processes(Path cgroup) {
    try {
      return Files.readAllLines(cgroup.resolve("cgroup.procs")).stream()
          .flatMap(pid -> running(pid).stream())
          .toList();
    } catch (IOException vanished) {
      return List.of();
    }
  }

  /** Empty when it has ended, or is a thread of the kernel. */
  private static Optional<Running> running(String pid) {
    Path link = Path.of("/proc", pid, "exe");
    return identity(link)
        .flatMap(
            file -> {
              try {
                return Optional.of(new Running(Files.readSymbolicLink(link), file));
              } catch (IOException ended) {
                return Optional.empty();
              }
            });
  }

  private static Optional<FileIdentity> identity(Path file) {
    try {
      return Files.exists(file) ? Optional.of(Linux.identityOf(file)) : Optional.empty();
    } catch (UncheckedIOException vanished) {
      return Optional.empty();
    }
  }
}
