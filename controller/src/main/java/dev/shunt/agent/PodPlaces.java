package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.host.PodCgroups;
import dev.shunt.datapath.host.PodOnHost;
import dev.shunt.datapath.host.PodProcesses;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the pods of this node are on the host. {@link #look} belongs to the loop thread; the rest
 * may be called from any.
 *
 * <p>A pod that was not found yet is looked for on every call, so that its network namespace is
 * known before its containers open connections; one that was is looked at a few times in a second.
 * A further container of a pod, which only rules for executables ask for, is found within seconds.
 */
final class PodPlaces {
  private static final Duration VERIFY = Duration.ofMillis(400);
  private static final Duration RENEW = Duration.ofSeconds(5);
  private static final Duration EXPLORE_MIN = Duration.ofSeconds(1);
  private static final Duration EXPLORE_MAX = Duration.ofSeconds(30);

  private final CgroupTree tree;
  private final PodCgroups cgroups;
  private final PodProcesses processes;
  private final Map<String, PodOnHost> found = new HashMap<>();
  private Set<String> missing = Set.of();
  private long nextVerifyNanos = System.nanoTime();
  private long nextRenewNanos = System.nanoTime();
  private long nextExploreNanos = System.nanoTime();
  private Duration explorePause = EXPLORE_MIN;

  /** Looks in the whole hierarchy, or only below covered cgroups when there are any. */
  PodPlaces(CgroupTree tree, List<Path> covered) {
    this.tree = tree;
    cgroups = PodCgroups.of(tree, covered);
    processes = new PodProcesses(tree);
  }

  /** Looks for these pods. Returns whether one was found, lost or has changed. */
  synchronized boolean look(List<PodFacts> pods, long nowNanos) {
    Set<String> wanted = pods.stream().map(PodFacts::uid).collect(Collectors.toSet());
    boolean changed = found.keySet().retainAll(wanted);
    Set<String> due = new HashSet<>(wanted);
    if (nowNanos - nextVerifyNanos < 0) {
      due.removeIf(uid -> found.containsKey(uid) && found.get(uid).network().isPresent());
    } else {
      nextVerifyNanos = nowNanos + VERIFY.toNanos();
    }
    if (due.isEmpty()) {
      return changed;
    }
    boolean renew = nowNanos - nextRenewNanos >= 0;
    if (renew) {
      nextRenewNanos = nowNanos + RENEW.toNanos();
    }
    due.removeIf(uid -> !renew && found.containsKey(uid) && processes.isAsFound(found.get(uid)));
    return update(due, nowNanos) || changed;
  }

  private boolean update(Set<String> due, long nowNanos) {
    if (due.isEmpty()) {
      return false;
    }
    Map<String, Path> directories = cgroups.known();
    if (!directories.keySet().containsAll(due) && explores(due, nowNanos)) {
      directories = cgroups.known();
    }
    boolean changed = false;
    for (String uid : due) {
      Optional<PodOnHost> now = Optional.ofNullable(directories.get(uid)).flatMap(processes::look);
      changed |= !now.equals(Optional.ofNullable(found.get(uid)));
      now.ifPresentOrElse(pod -> found.put(uid, pod), () -> found.remove(uid));
    }
    return changed;
  }

  /** A walk through the whole tree: rarer and rarer while it finds nothing for the same pods. */
  private boolean explores(Set<String> due, long nowNanos) {
    if (!missing.containsAll(due)) {
      explorePause = EXPLORE_MIN;
      nextExploreNanos = Math.min(nextExploreNanos, nowNanos);
    }
    missing = Set.copyOf(due);
    if (nowNanos - nextExploreNanos < 0) {
      return false;
    }
    boolean news = cgroups.explore();
    explorePause = news ? EXPLORE_MIN : longer(explorePause);
    nextExploreNanos = nowNanos + explorePause.toNanos();
    return news;
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(EXPLORE_MAX) < 0 ? twice : EXPLORE_MAX;
  }

  /** What was found of a pod. */
  synchronized Optional<PodOnHost> found(String uid) {
    return Optional.ofNullable(found.get(uid));
  }

  /** The same as policies need it. */
  synchronized PodPlace place(String uid) {
    PodOnHost pod = found.get(uid);
    if (pod == null || !pod.isUnified()) {
      return PodPlace.UNKNOWN; // the programs know cgroups of v2 only
    }
    return new PodPlace(
        Optional.of(relative(pod.directory())),
        pod.containers().stream()
            .map(
                container ->
                    new PodPlace.Container(
                        relative(container.directory()), container.root().toString()))
            .toList());
  }

  /** Whether any pod has no cgroup that the programs know. */
  synchronized boolean hasOldCgroups() {
    return found.values().stream().anyMatch(pod -> !pod.isUnified());
  }

  private String relative(Path directory) {
    return "/" + tree.root().relativize(directory);
  }
}
