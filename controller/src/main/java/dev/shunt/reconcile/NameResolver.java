package dev.shunt.reconcile;

import dev.shunt.desired.DesiredNamespace;
import dev.shunt.desired.DesiredSelector;
import dev.shunt.desired.DesiredState;
import dev.shunt.desired.DesiredTrait;
import dev.shunt.desired.HostSelector;
import dev.shunt.reconcile.PlanStep.WriteNamespace;
import dev.shunt.reconcile.PlanStep.WriteSelector;
import dev.shunt.reconcile.PlanStep.WriteTrait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Turns the names of a desired state into ids of the kernel, once per pass and name. What several
 * names mean (hard links, a namespace with two names) goes to the first, which outranks.
 */
final class NameResolver {
  private final DatapathPort port;
  private final List<PendingName> pending = new ArrayList<>();
  private final Map<String, Optional<Long>> cgroups = new HashMap<>();
  private final Map<String, Optional<Long>> namespaces = new HashMap<>();
  private final Map<String, Optional<ExecutableId>> executables = new HashMap<>();

  NameResolver(DatapathPort port) {
    this.port = port;
  }

  List<PendingName> pending() {
    return pending;
  }

  Map<SelectorKey, WriteSelector> selectors(DesiredState desired) {
    Map<SelectorKey, WriteSelector> steps = new LinkedHashMap<>();
    for (DesiredSelector wanted : desired.selectors()) {
      HostSelector selector = wanted.selector();
      String object = "selector " + selector;
      Optional<Long> netns = namespace(object, selector.networkNamespace());
      Optional<WorkloadKey> workload =
          workload(object, selector.cgroupPath(), selector.executable());
      if (netns.isPresent() && workload.isPresent()) {
        SelectorKey key = new SelectorKey(netns.get(), workload.get());
        steps.putIfAbsent(key, new WriteSelector(selector, key, wanted.endpointId()));
      }
    }
    return steps;
  }

  Map<WorkloadKey, WriteTrait> traits(DesiredState desired) {
    Map<WorkloadKey, WriteTrait> steps = new LinkedHashMap<>();
    for (DesiredTrait trait : desired.traits()) {
      String executable = trait.executable();
      workload("trait of " + executable, trait.cgroupPath(), Optional.of(executable))
          .ifPresent(
              key -> steps.putIfAbsent(key, new WriteTrait(executable, key, trait.effect())));
    }
    return steps;
  }

  Map<Long, WriteNamespace> namespaces(DesiredState desired) {
    Map<Long, WriteNamespace> steps = new LinkedHashMap<>();
    for (Map.Entry<String, DesiredNamespace> entry : desired.namespaceEndpoints().entrySet()) {
      String name = entry.getKey();
      DesiredNamespace wanted = entry.getValue();
      NamespaceRow row = new NamespaceRow(wanted.endpointId(), wanted.interception());
      namespace("endpoint " + wanted.endpointId(), Optional.of(name))
          .ifPresent(cookie -> steps.putIfAbsent(cookie, new WriteNamespace(name, cookie, row)));
    }
    return steps;
  }

  private Optional<Long> namespace(String object, Optional<String> name) {
    if (name.isEmpty()) {
      return Optional.of(0L);
    }
    Optional<Long> cookie =
        namespaces.computeIfAbsent(name.get(), n -> port.netnsCookie(n).stream().boxed().findAny());
    return noted(cookie, object, "network namespace " + name.get());
  }

  private Optional<WorkloadKey> workload(
      String object, Optional<String> cgroupPath, Optional<String> executable) {
    Optional<Long> cgroup = cgroupPath.isEmpty() ? Optional.of(0L) : cgroup(object, cgroupPath);
    Optional<ExecutableId> file =
        executable.isEmpty()
            ? Optional.of(new ExecutableId(0, 0))
            : executable.flatMap(
                path ->
                    noted(
                        executables.computeIfAbsent(path, port::executable),
                        object,
                        "executable " + path));
    return cgroup.flatMap(id -> file.map(f -> new WorkloadKey(id, f.inode(), f.device())));
  }

  private Optional<Long> cgroup(String object, Optional<String> cgroupPath) {
    Function<String, Optional<Long>> look = path -> port.cgroupId(path).stream().boxed().findAny();
    return cgroupPath.flatMap(
        path -> noted(cgroups.computeIfAbsent(path, look), object, "cgroup " + path));
  }

  private <T> Optional<T> noted(Optional<T> found, String object, String missing) {
    if (found.isEmpty()) {
      pending.add(new PendingName(object, missing));
    }
    return found;
  }
}
