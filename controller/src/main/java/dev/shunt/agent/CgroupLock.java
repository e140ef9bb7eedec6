package dev.shunt.agent;

import dev.shunt.cli.CannotRunException;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Linux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Keeps a second node off the cgroups that this one covers: both would write their option into the
 * same connections, and neither would find its own. A covered cgroup is locked exclusively and each
 * ancestor shared, so that a node above, below or at the same place is refused and one beside it is
 * not. Locks the directories themselves, so nothing is left when the process is killed.
 *
 * <p>One thread at a time. Close it after the programs are detached.
 */
final class CgroupLock implements AutoCloseable {
  private final Map<Path, Fd> held = new LinkedHashMap<>();

  private CgroupLock() {}

  /**
   * Locks the cgroups.
   *
   * @param covered directories below the root of the tree; empty: the root
   * @throws CannotRunException another node covers one of them, a part of it, or all of it
   */
  static CgroupLock take(CgroupTree tree, List<Path> covered) {
    CgroupLock lock = new CgroupLock();
    try {
      for (Path cgroup : covered.isEmpty() ? List.of(tree.root()) : covered) {
        // Anything else is refused, by name, where it would be attached.
        if (cgroup.startsWith(tree.root()) && Files.isDirectory(cgroup)) {
          lock.cover(tree.root(), cgroup);
        }
      }
      return lock;
    } catch (RuntimeException failed) {
      lock.close();
      throw failed;
    }
  }

  private void cover(Path root, Path cgroup) {
    for (Path above = root; !above.equals(cgroup); above = below(above, cgroup)) {
      if (!held.containsKey(above)) {
        hold(above, cgroup, Linux.open(above), Linux::lockShared);
      }
    }
    hold(cgroup, cgroup, Linux.open(cgroup), Linux::lock);
  }

  /** The directory one step from {@code above} towards {@code target}. */
  private static Path below(Path above, Path target) {
    return above.resolve(target.getName(above.getNameCount()));
  }

  private void hold(Path directory, Path covered, Fd file, Predicate<Fd> operation) {
    if (!operation.test(file)) {
      file.close();
      throw new CannotRunException(
          "lock cgroup %s failed: another node covers %s; stop it first, or choose a --cgroup beside it"
              .formatted(covered, directory.equals(covered) ? "it or a part of it" : directory));
    }
    Fd before = held.put(directory, file);
    if (before != null) {
      before.close();
    }
  }

  /** Locks a covered cgroup that was removed and made anew. Returns why not; empty when it did. */
  String claim(Path root, Path cgroup) {
    try {
      cover(root, cgroup);
      return "";
    } catch (CannotRunException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  @Override
  public void close() {
    held.values().forEach(Fd::close);
    held.clear();
  }

  @Override
  public String toString() {
    return held.keySet().toString();
  }
}
