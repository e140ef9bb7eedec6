package dev.shunt.agent;

import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.maps.TraitsMap;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.ingest.file.StoredTrait;
import dev.shunt.ingest.file.StoredTraits;
import dev.shunt.ingest.file.TraitStore;
import dev.shunt.observe.Trait;
import dev.shunt.observe.WorkloadName;
import dev.shunt.observe.WorkloadTrait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the programs learned of workloads: forgets what was not seen for a while, and
 * remembers the rest by name on disk, so that it outlives restarts, reboots and the cgroups
 * themselves. Loop thread, or before that starts.
 */
final class TraitMemory {
  private static final Logger LOG = LoggerFactory.getLogger(TraitMemory.class);

  /** How often new times of traits that are known already are written. */
  private static final Duration REFRESH = Duration.ofMinutes(1);

  private static final int WAITING_MAX = 4096;

  private final SockmapMaps maps;
  private final WorkloadNames names;
  private final TraitStore store;
  private final String bootId;
  private final TraitTimes times;

  /** Of workloads that do not exist now; device 0 where the number is of an earlier boot. */
  private final List<StoredTrait> waiting = new ArrayList<>();

  private Set<List<Object>> kept = Set.of();
  private long keptNanos = System.nanoTime() - REFRESH.toNanos();

  TraitMemory(
      SockmapMaps maps, WorkloadNames names, TraitStore store, String bootId, TraitTimes times) {
    this.maps = maps;
    this.names = names;
    this.store = store;
    this.bootId = bootId;
    this.times = times;
  }

  /** Takes back what an earlier process kept; pinned maps have it already. */
  void restore(SockmapDatapath.Start start) {
    StoredTraits stored = store.read();
    stored.error().ifPresent(LOG::warn);
    boolean sameBoot = stored.bootId().equals(bootId);
    for (StoredTrait trait : stored.traits()) {
      StoredTrait.Workload workload = trait.workload();
      int device = sameBoot ? workload.device() : 0;
      StoredTrait mine = with(trait, device);
      Optional<Workload> found = find(mine.workload());
      if (start == SockmapDatapath.Start.READOPTED && sameBoot && found.isPresent()) {
        names.remember(found.get(), name(workload));
      } else {
        waiting.add(mine);
      }
    }
    pass();
  }

  private static StoredTrait with(StoredTrait trait, int device) {
    StoredTrait.Workload workload = trait.workload();
    return new StoredTrait(
        new StoredTrait.Workload(
            workload.cgroupPath(), workload.executable(), workload.inode(), device),
        trait.trait(),
        TraitTimes.past(trait.firstSeen()),
        TraitTimes.past(trait.lastSeen()),
        trait.times());
  }

  private static WorkloadNames.Name name(StoredTrait.Workload workload) {
    return new WorkloadNames.Name(workload.cgroupPath(), workload.executable());
  }

  /** One round: forget, restore what has come back, write. */
  void pass() {
    boolean changed = false;
    for (Map.Entry<Workload, TraitState> row : maps.traits().all().entrySet()) {
      TraitState state = row.getValue();
      TraitState fresh = state.since(times.oldestNanos());
      if (!fresh.equals(state)) {
        LOG.info("traits of {} expired: {}", names.of(row.getKey()), lost(state, fresh));
      }
      if (isWithoutCgroup(row.getKey(), fresh)) {
        await(stored(row.getKey(), fresh));
        fresh = fresh.since(Long.MAX_VALUE);
      }
      changed |= replace(row.getKey(), state, fresh);
    }
    changed |= restoreWaiting();
    if (changed) {
      announce();
    }
    keep();
  }

  /** Cgroups that come and go for good must not fill the memory: the oldest wait no longer. */
  private void await(List<StoredTrait> traits) {
    waiting.addAll(traits);
    if (waiting.size() > WAITING_MAX) {
      waiting.subList(0, waiting.size() - WAITING_MAX).clear();
    }
  }

  private boolean replace(Workload workload, TraitState before, TraitState after) {
    if (after.equals(before)) {
      return false;
    }
    maps.traits().keep(workload, after);
    return true;
  }

  private static String lost(TraitState before, TraitState after) {
    return Trait.of(before.traits() & ~after.traits()).stream()
        .map(Trait::text)
        .collect(Collectors.joining(", "));
  }

  /** A cgroup that is made anew under its name gets another id. */
  private boolean isWithoutCgroup(Workload workload, TraitState state) {
    return (state.traits() & TraitState.LEARNED) != 0
        && workload.cgroupId() != 0
        && !names.exists(workload.cgroupId());
  }

  private boolean restoreWaiting() {
    boolean changed = false;
    for (Iterator<StoredTrait> rest = waiting.iterator(); rest.hasNext(); ) {
      StoredTrait trait = rest.next();
      if (times.isExpired(trait.lastSeen())) {
        rest.remove();
        continue;
      }
      Optional<Workload> found = find(trait.workload());
      if (found.isPresent()) {
        rest.remove();
        names.remember(found.get(), name(trait.workload()));
        changed |= restore(found.get(), trait);
      }
    }
    return changed;
  }

  private Optional<Workload> find(StoredTrait.Workload stored) {
    return names
        .cgroupId(stored.cgroupPath())
        .flatMap(
            id ->
                stored.device() != 0
                    ? Optional.of(new Workload(id, stored.inode(), stored.device()))
                    : names
                        .executable(stored.cgroupPath(), stored.executable(), stored.inode())
                        .map(file -> new Workload(id, file.inode(), (int) file.device())));
  }

  private boolean restore(Workload workload, StoredTrait stored) {
    TraitsMap map = maps.traits();
    TraitState state = map.get(workload).orElseGet(() -> TraitState.of(0));
    for (Trait trait : Trait.values()) {
      if (trait.text().equals(stored.trait()) && !trait.isConfigured() && !state.has(trait.bit())) {
        map.put(workload, state.with(trait.bit(), times.use(stored)));
        return true;
      }
    }
    return false;
  }

  /** Tells the programs; called after a change. */
  private void announce() {
    maps.config().raiseTraitGeneration();
    maps.config().set("sweep_wanted", 1);
  }

  /** Forgets what is learned of the workloads that are meant. */
  List<WorkloadTrait> forget(TraitViews views, Predicate<WorkloadName> which) {
    List<WorkloadTrait> forgotten = new ArrayList<>();
    for (Map.Entry<Workload, TraitState> row : maps.traits().all().entrySet()) {
      TraitState state = row.getValue();
      List<WorkloadTrait> learned =
          views.of(row.getKey(), state).stream().filter(trait -> trait.use().isPresent()).toList();
      if (!learned.isEmpty() && which.test(learned.get(0).workload())) {
        forgotten.addAll(learned);
        maps.traits().keep(row.getKey(), state.since(Long.MAX_VALUE));
      }
    }
    waiting.removeIf(trait -> which.test(views.name(name(trait.workload()))));
    announce();
    keep();
    return forgotten;
  }

  /** Writes what changed since the last time. */
  private void keep() {
    List<StoredTrait> now = new ArrayList<>(waiting);
    int union = 0;
    Set<Workload> workloads = new HashSet<>();
    for (Map.Entry<Workload, TraitState> row : maps.traits().all().entrySet()) {
      union |= row.getValue().traits();
      workloads.add(row.getKey());
      now.addAll(stored(row.getKey(), row.getValue()));
    }
    maps.config().set("traits_known", union);
    names.retain(workloads);
    Set<List<Object>> what = new HashSet<>();
    now.forEach(trait -> what.add(List.of(trait.workload(), trait.trait())));
    boolean due = !now.isEmpty() && System.nanoTime() - keptNanos >= REFRESH.toNanos();
    if (due || !what.equals(kept)) {
      write(now, what);
    }
  }

  private void write(List<StoredTrait> traits, Set<List<Object>> what) {
    try {
      store.write(bootId, traits);
      kept = what;
      keptNanos = System.nanoTime();
    } catch (IOException failed) {
      LOG.warn("keep traits failed: {}; they end with the pins", failed.getMessage());
    }
  }

  /** Before the node stops: also new times. */
  void close() {
    keptNanos = System.nanoTime() - REFRESH.toNanos();
    keep();
  }

  /** Of one row; none when its cgroup was never known by name. */
  private List<StoredTrait> stored(Workload workload, TraitState state) {
    List<StoredTrait> stored = new ArrayList<>();
    WorkloadNames.Name name = names.of(workload);
    for (Trait trait : Trait.of(state.traits() & TraitState.LEARNED)) {
      if (!name.cgroup().isEmpty()) {
        TraitState.Use use = state.uses().get(trait.bit());
        stored.add(
            new StoredTrait(
                new StoredTrait.Workload(
                    name.cgroup(),
                    name.executable(),
                    workload.executableInode(),
                    workload.executableDevice()),
                trait.text(),
                times.wall(use.firstNanos()),
                times.wall(use.lastNanos()),
                use.times()));
      }
    }
    return stored;
  }
}
