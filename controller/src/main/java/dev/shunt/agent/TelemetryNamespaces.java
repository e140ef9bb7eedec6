package dev.shunt.agent;

import dev.shunt.desired.telemetry.TelemetryPlan;
import dev.shunt.observe.trace.TraceModule;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Network namespaces in which policy switches telemetry on, by the numbers that programs know them
 * by. On a host a policy may name one that the node does not watch: to be looked at it need not be
 * hooked. One thread asks what is wanted; {@link #name} any.
 */
final class TelemetryNamespaces implements Supplier<Map<TraceModule, Map<Long, Integer>>> {
  private final PolicyInputs inputs;
  private final NamespaceWatch namespaces;

  /** Names of those that are not watched, by cookie. */
  private volatile Map<Long, String> others = Map.of();

  TelemetryNamespaces(PolicyInputs inputs, NamespaceWatch namespaces) {
    this.inputs = inputs;
    this.namespaces = namespaces;
  }

  /** What does not exist yet, or any more, is left out. */
  @Override
  public Map<TraceModule, Map<Long, Integer>> get() {
    Set<String> watched = namespaces.names();
    TelemetryPlan plan = inputs.telemetry(watched);
    Map<String, OptionalLong> cookies = new HashMap<>();
    Map<TraceModule, Map<Long, Integer>> wanted = new EnumMap<>(TraceModule.class);
    plan.namespaces()
        .forEach(
            (module, percents) -> {
              Map<Long, Integer> here = new HashMap<>();
              percents.forEach(
                  (name, percent) ->
                      cookies
                          .computeIfAbsent(name, this::cookie)
                          .ifPresent(cookie -> here.put(cookie, percent)));
              if (!here.isEmpty()) {
                wanted.put(TraceModule.valueOf(module.name()), here);
              }
            });
    Map<Long, String> unwatched = new HashMap<>();
    cookies.forEach(
        (name, cookie) -> {
          if (!watched.contains(name)) {
            cookie.ifPresent(number -> unwatched.put(number, name));
          }
        });
    others = Map.copyOf(unwatched);
    return wanted;
  }

  /** On a node of a cluster the names are those of pods, which are all watched. */
  private OptionalLong cookie(String name) {
    OptionalLong watched = namespaces.cookie(name);
    return watched.isPresent() || inputs.pods().isPresent()
        ? watched
        : HostNames.lookUpNamespace(name);
  }

  /** The name of a namespace that is watched, or that a policy names; else {@code cookie:N}. */
  String name(long cookie) {
    String other = others.get(cookie);
    return other == null ? namespaces.name(cookie) : other;
  }
}
