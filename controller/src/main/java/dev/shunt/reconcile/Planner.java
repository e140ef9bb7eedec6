package dev.shunt.reconcile;

import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.desired.DesiredState;
import dev.shunt.desired.EndpointRules;
import dev.shunt.desired.Mode;
import dev.shunt.desired.PortRules;
import dev.shunt.desired.TraitEffect;
import dev.shunt.reconcile.PlanStep.ClearEndpoint;
import dev.shunt.reconcile.PlanStep.RemoveNamespace;
import dev.shunt.reconcile.PlanStep.RemoveSelector;
import dev.shunt.reconcile.PlanStep.RemoveTrait;
import dev.shunt.reconcile.PlanStep.WriteConfig;
import dev.shunt.reconcile.PlanStep.WriteEndpoint;
import dev.shunt.reconcile.PlanStep.WriteNamespace;
import dev.shunt.reconcile.PlanStep.WriteSelector;
import dev.shunt.reconcile.PlanStep.WriteTrait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Computes one plan; used once. The methods run in the order of the package description. */
final class Planner {
  private static final EndpointRow EMPTY =
      new EndpointRow(Mode.OFF, new EndpointRules(Set.of(), PortRules.ALL));

  private final DesiredState desired;
  private final DatapathPort port;
  private final NameResolver names;
  private final List<PlanStep> narrowing = new ArrayList<>();
  private final List<PlanStep> widening = new ArrayList<>();
  private int unchanged;

  Planner(DesiredState desired, DatapathPort port) {
    this.desired = desired;
    this.port = port;
    this.names = new NameResolver(port);
  }

  Plan plan() {
    ConfigRow config = port.config();
    Map<SelectorKey, WriteSelector> selectors = names.selectors(desired);
    Map<Long, WriteNamespace> namespaces = names.namespaces(desired);
    Map<SelectorKey, Integer> actualSelectors = port.selectors();
    Map<Long, NamespaceRow> actualNamespaces = port.namespaces();

    lowerCeiling(config);
    Map<Integer, EndpointRow> actualEndpoints = port.endpoints();
    List<PlanStep> wideningTraits = planTraits();
    planEndpoints(actualEndpoints);
    writeSelectors(selectors, actualSelectors);
    writeNamespaces(namespaces, actualNamespaces);
    ConfigRow pointers = pointers(config, selectors.keySet());
    new TreeSet<>(actualNamespaces.keySet())
        .stream()
            .filter(cookie -> !namespaces.containsKey(cookie))
            .forEach(cookie -> narrowing.add(new RemoveNamespace(cookie)));
    actualSelectors.keySet().stream()
        .filter(key -> !selectors.containsKey(key))
        .forEach(key -> narrowing.add(new RemoveSelector(key)));
    widening.addAll(wideningTraits);
    clearEndpoints(actualEndpoints);
    raiseCeiling(pointers);
    return new Plan(narrowing, widening, names.pending(), unchanged);
  }

  private void lowerCeiling(ConfigRow actual) {
    if (desired.mode().compareTo(actual.mode()) < 0) {
      narrowing.add(new WriteConfig(actual.withMode(desired.mode())));
    }
  }

  /** Plans the narrowing steps and returns the widening ones. */
  private List<PlanStep> planTraits() {
    List<PlanStep> later = new ArrayList<>();
    Map<WorkloadKey, WriteTrait> wanted = names.traits(desired);
    Map<WorkloadKey, TraitEffect> actual = port.traits();
    wanted.forEach(
        (key, step) -> {
          if (step.effect() == actual.get(key)) {
            unchanged++;
          } else {
            (step.effect() == TraitEffect.EXEMPT ? narrowing : later).add(step);
          }
        });
    actual.forEach(
        (key, effect) -> {
          if (!wanted.containsKey(key)) {
            (effect == TraitEffect.FORCE ? narrowing : later).add(new RemoveTrait(key));
          }
        });
    return later;
  }

  private void planEndpoints(Map<Integer, EndpointRow> actual) {
    for (DesiredEndpoint endpoint : desired.endpoints()) {
      int id = endpoint.id();
      EndpointRow wanted = EndpointRow.of(endpoint);
      EndpointRow held = actual.getOrDefault(id, EMPTY);
      if (wanted.equals(held)) {
        unchanged++;
        continue;
      }
      // Nothing leads to an endpoint that has no row yet.
      EndpointRow common = actual.containsKey(id) ? wanted.narrowedBy(held) : wanted;
      if (!common.equals(held)) {
        narrowing.add(new WriteEndpoint(id, endpoint.name(), common));
      }
      if (!common.equals(wanted)) {
        widening.add(new WriteEndpoint(id, endpoint.name(), wanted));
      }
    }
  }

  private void writeSelectors(
      Map<SelectorKey, WriteSelector> wanted, Map<SelectorKey, Integer> actual) {
    wanted.forEach(
        (key, step) -> {
          Integer held = actual.get(key);
          if (held != null && held == step.endpointId()) {
            unchanged++;
          } else {
            narrowing.add(step);
          }
        });
  }

  private void writeNamespaces(Map<Long, WriteNamespace> wanted, Map<Long, NamespaceRow> actual) {
    wanted.forEach(
        (cookie, step) -> {
          if (step.row().equals(actual.get(cookie))) {
            unchanged++;
          } else {
            narrowing.add(step);
          }
        });
  }

  /** Everything of the settings but what allows more; returns the settings after that step. */
  private ConfigRow pointers(ConfigRow actual, Set<SelectorKey> selectors) {
    int combinations =
        selectors.stream().mapToInt(SelectorKey::combinationBit).reduce(0, (a, b) -> a | b);
    ConfigRow careful =
        new ConfigRow(
            desired.mode().min(actual.mode()),
            desired.defaultEndpointId(),
            combinations,
            Math.max(desired.adoptTurns(), actual.adoptTurns()));
    if (!careful.equals(actual.withMode(careful.mode()))) {
      narrowing.add(new WriteConfig(careful));
    }
    return careful;
  }

  private void clearEndpoints(Map<Integer, EndpointRow> actual) {
    new TreeSet<>(actual.keySet())
        .stream()
            .filter(id -> desired.endpoints().stream().noneMatch(e -> e.id() == id))
            .forEach(id -> widening.add(new ClearEndpoint(id)));
  }

  private void raiseCeiling(ConfigRow pointers) {
    ConfigRow wanted =
        new ConfigRow(
            desired.mode(),
            pointers.defaultEndpointId(),
            pointers.selectorCombinations(),
            desired.adoptTurns());
    if (!wanted.equals(pointers)) {
      widening.add(new WriteConfig(wanted));
    } else if (narrowing.stream().noneMatch(WriteConfig.class::isInstance)) {
      unchanged++;
    }
  }
}
