package dev.shunt.datapath.host;

import dev.shunt.datapath.libbpf.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cgroup v2 hierarchy, wherever it is mounted: alone, or beside v1. Thread-safe. */
public final class CgroupTree {
  private static final Logger LOG = LoggerFactory.getLogger(CgroupTree.class);

  private final Path root;
  private final Map<Long, Path> pathsById = new HashMap<>();

  private CgroupTree(Path root) {
    this.root = root;
  }

  /** Finds the hierarchy in the mount table; empty when the kernel has it nowhere mounted. */
  public static Optional<CgroupTree> find() {
    return Linux.mountOf("cgroup2").map(CgroupTree::new);
  }

  /**
   * Where the v1 hierarchy of a controller is mounted, on a host that has one beside this.
   *
   * @param controller such as {@code memory}
   */
  static Optional<Path> v1(String controller) {
    return Linux.mountOf("cgroup", controller);
  }

  /** Where it is mounted. */
  public Path root() {
    return root;
  }

  /** Id of a cgroup: the inode number of its directory (fs/kernfs, 5.5 and later). */
  public long id(Path cgroup) {
    return Linux.cgroupId(cgroup);
  }

  /** The cgroup with an id; empty when it is gone. Walks the tree when the id is new. */
  public synchronized Optional<Path> path(long id) {
    Path known = pathsById.get(id);
    if (known == null || !Files.isDirectory(known)) {
      pathsById.clear();
      index();
      known = pathsById.get(id);
    }
    return Optional.ofNullable(known);
  }

  /** These cgroups, those above and those below them; what vanishes meanwhile is left out. */
  public List<Path> around(List<Path> cgroups) {
    Set<Path> found = new LinkedHashSet<>();
    for (Path cgroup : cgroups) {
      Path covered = cgroup.toAbsolutePath().normalize();
      for (Path above = covered;
          above != null && above.startsWith(root);
          above = above.getParent()) {
        found.add(above);
      }
      walk(covered, found::add);
    }
    return List.copyOf(found);
  }

  /**
   * The cgroup that a process of this pid namespace is in; empty when it is in none of the tree.
   */
  public Optional<Path> holding(long pid) {
    String wanted = Long.toString(pid);
    List<Path> found = new ArrayList<>();
    walk(
        root,
        cgroup -> {
          if (found.isEmpty() && processes(cgroup).contains(wanted)) {
            found.add(cgroup);
          }
        });
    return found.stream().findFirst();
  }

  /** A threaded cgroup does not tell (EOPNOTSUPP, cgroups(7)); this one's processes are above. */
  private static List<String> processes(Path cgroup) {
    try {
      return Files.readAllLines(cgroup.resolve("cgroup.procs"));
    } catch (IOException threadedOrGone) {
      LOG.debug("processes of {} cannot be read: {}", cgroup, threadedOrGone.getMessage());
      return List.of();
    }
  }

  private void index() {
    walk(root, cgroup -> pathsById.put(id(cgroup), cgroup));
  }

  private static void walk(Path from, Consumer<Path> visitor) {
    Deque<Path> todo = new ArrayDeque<>();
    todo.add(from);
    while (!todo.isEmpty()) {
      Path cgroup = todo.remove();
      try (DirectoryStream<Path> children =
          Files.newDirectoryStream(cgroup, child -> Files.isDirectory(child))) {
        visitor.accept(cgroup);
        children.forEach(todo::add);
      } catch (IOException | UncheckedIOException vanished) {
        LOG.debug("cgroup {} was removed while the tree was read", cgroup);
      }
    }
  }
}
