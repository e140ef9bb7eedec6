package dev.shunt.datapath.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the cgroups of pods by their uid, wherever a kubelet keeps them: {@code
 * kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice} with the systemd driver,
 * {@code kubepods/burstable/podUID} with cgroupfs, without the middle part for guaranteed pods, and
 * either below other cgroups for a kubelet in a container.
 *
 * <p>One thread. Names are all it goes by: {@code /proc/PID/cgroup} is relative to the cgroup
 * namespace of the reader, which in a container is its own.
 */
public final class PodCgroups {
  /** Levels that a tree of pods may lie below the root, itself included. */
  private static final int DEPTH_MAX = 12;

  private static final Pattern POD =
      Pattern.compile("(?:.*-)?pod([0-9A-Za-z][0-9A-Za-z_-]*?)(?:\\.slice)?");

  private final List<Path> roots;
  private final Set<Path> parents = new LinkedHashSet<>();

  /**
   * Looks below these directories, in the first one first.
   *
   * @param roots of hierarchies, or cgroups in them
   */
  public PodCgroups(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /** The cgroup v2 hierarchy, and beside it a v1 one in which a kubelet keeps every pod as well. */
  public static PodCgroups of(CgroupTree tree, List<Path> covered) {
    List<Path> roots = new ArrayList<>(covered.isEmpty() ? List.of(tree.root()) : covered);
    CgroupTree.v1("memory").ifPresent(roots::add);
    return new PodCgroups(roots);
  }

  /**
   * Directories by uid, where pods were found before: cheap. A uid has dashes here, whatever the
   * name of the directory has.
   */
  public Map<String, Path> known() {
    Map<String, Path> found = new HashMap<>();
    for (Path parent : List.copyOf(parents)) {
      if (!Files.isDirectory(parent)) {
        parents.remove(parent);
        continue;
      }
      children(parent).forEach(child -> uid(child).ifPresent(uid -> found.putIfAbsent(uid, child)));
    }
    return found;
  }

  /** Walks the whole trees for places that hold pods. Returns whether there are new ones. */
  public boolean explore() {
    boolean changed = false;
    for (Path root : roots) {
      changed |= explore(root);
    }
    return changed;
  }

  private boolean explore(Path root) {
    boolean changed = false;
    Deque<Path> todo = new ArrayDeque<>();
    todo.add(root);
    while (!todo.isEmpty()) {
      Path directory = todo.remove();
      for (Path child : children(directory)) {
        if (uid(child).isPresent()) {
          changed |= parents.add(directory);
        } else if (child.getNameCount() - root.getNameCount() < DEPTH_MAX) {
          todo.add(child);
        }
      }
    }
    return changed;
  }

  private static Optional<String> uid(Path directory) {
    Matcher matcher = POD.matcher(directory.getFileName().toString());
    return matcher.matches() ? Optional.of(matcher.group(1).replace('_', '-')) : Optional.empty();
  }

  static List<Path> children(Path directory) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, entry -> Files.isDirectory(entry))) {
      entries.forEach(children::add);
    } catch (IOException | DirectoryIteratorException vanished) {
      return children;
    }
    children.sort(null); // the same pod first each time
    return children;
  }
}
