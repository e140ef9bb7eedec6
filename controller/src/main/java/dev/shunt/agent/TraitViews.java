package dev.shunt.agent;

import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.observe.Trait;
import dev.shunt.observe.TraitEffect;
import dev.shunt.observe.WorkloadName;
import dev.shunt.observe.WorkloadTrait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rows of the map of traits as users see them. Any thread. */
final class TraitViews {
  private static final Comparator<WorkloadTrait> ORDER =
      Comparator.comparing((WorkloadTrait view) -> view.workload().cgroup())
          .thenComparing(view -> view.workload().executable())
          .thenComparing(WorkloadTrait::trait);

  private final SockmapMaps maps;
  private final WorkloadNames names;
  private final PolicyInputs inputs;
  private final TraitTimes times;

  TraitViews(SockmapMaps maps, WorkloadNames names, PolicyInputs inputs, TraitTimes times) {
    this.maps = maps;
    this.names = names;
    this.inputs = inputs;
    this.times = times;
  }

  List<WorkloadTrait> all() {
    List<WorkloadTrait> views = new ArrayList<>();
    for (Map.Entry<Workload, TraitState> row : maps.traits().all().entrySet()) {
      views.addAll(of(row.getKey(), row.getValue()));
    }
    views.sort(ORDER);
    return views;
  }

  /** One view for each trait of a workload. */
  List<WorkloadTrait> of(Workload workload, TraitState state) {
    List<WorkloadTrait> views = new ArrayList<>();
    if (state.traits() == TraitState.SELF_TEST) {
      return views;
    }
    WorkloadName name = name(named(workload));
    Set<Trait> known = known(workload, state);
    for (Trait trait : Trait.of(state.traits())) {
      views.add(
          new WorkloadTrait(
              name, trait, TraitEffect.of(trait, known, harmless()), use(trait, state)));
    }
    return views;
  }

  WorkloadName name(WorkloadNames.Name name) {
    return new WorkloadName(
        name.cgroup(), name.executable(), inputs.policyOf(name.cgroup(), name.executable()));
  }

  /** A row of policy for the whole host has no process to ask: policy itself knows its name. */
  private WorkloadNames.Name named(Workload workload) {
    WorkloadNames.Name name = names.of(workload);
    if (!name.executable().isEmpty()) {
      return name;
    }
    String executable =
        inputs.executables().stream()
            .filter(path -> names.executable("", path, workload.executableInode()).isPresent())
            .findFirst()
            .orElse("inode:" + Long.toUnsignedString(workload.executableInode()));
    return new WorkloadNames.Name(name.cgroup(), executable);
  }

  /** As {@code workload_refusal()} sees it: the nearer rule of policy wins. */
  private Set<Trait> known(Workload workload, TraitState state) {
    Set<Trait> known = EnumSet.noneOf(Trait.class);
    known.addAll(Trait.of(state.traits()));
    Workload anywhere = new Workload(0, workload.executableInode(), workload.executableDevice());
    int farther = maps.traits().get(anywhere).map(TraitState::traits).orElse(0);
    if (!known.contains(Trait.EXEMPT) && !known.contains(Trait.FORCE)) {
      known.addAll(Trait.of(farther));
    }
    return known;
  }

  /** Traits that this kernel honours. */
  private Set<Trait> harmless() {
    return maps.config().get("fionread_guard") == 0 ? Set.of(Trait.FIONREAD) : Set.of();
  }

  private Optional<WorkloadTrait.Use> use(Trait trait, TraitState state) {
    if (trait.isConfigured()) {
      return Optional.empty();
    }
    TraitState.Use use = state.uses().get(trait.bit());
    return Optional.of(
        new WorkloadTrait.Use(
            times.wall(use.firstNanos()),
            times.wall(use.lastNanos()),
            times.expiresIn(use.lastNanos()),
            use.times()));
  }
}
