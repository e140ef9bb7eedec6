package dev.shunt.desired.telemetry;

import dev.shunt.desired.DecidingPolicy;
import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;

/**
 * Modules that are on in some network namespaces.
 *
 * @param name unique on the node
 * @param target which; only a network namespace may be named
 * @param modules the share of connections that each follows, 1..100 percent; 100 but for {@link
 *     TelemetryModule#HTTP}
 * @param priority the higher outranks among equally specific policies
 * @param origin where it comes from
 */
public record TelemetryPolicy(
    PolicyName name,
    HostSelector target,
    Map<TelemetryModule, Integer> modules,
    int priority,
    PolicyOrigin origin)
    implements DecidingPolicy {
  /** All connections. */
  public static final int EVERY = 100;

  /** The policy that outranks comes first. Consistent with equals as long as names are unique. */
  public static final Comparator<TelemetryPolicy> BY_PRECEDENCE =
      Comparator.comparing(
              (TelemetryPolicy p) -> p.target().specificity(), Comparator.reverseOrder())
          .thenComparing(p -> p.name().kind())
          .thenComparing(TelemetryPolicy::priority, Comparator.reverseOrder())
          .thenComparing(TelemetryPolicy::origin)
          .thenComparing(p -> p.name().endpointName());

  /** Copies the map and checks its bounds. */
  public TelemetryPolicy {
    if (target.selectsWorkload()) {
      throw new IllegalArgumentException("target: " + target + " (expected: netns only)");
    }
    EnumMap<TelemetryModule, Integer> copy = new EnumMap<>(TelemetryModule.class);
    copy.putAll(modules);
    copy.forEach(TelemetryPolicy::check);
    modules = Collections.unmodifiableMap(copy);
  }

  private static void check(TelemetryModule module, int percent) {
    int least = module == TelemetryModule.HTTP ? 1 : EVERY;
    if (percent < least || percent > EVERY) {
      throw new IllegalArgumentException("sampling: " + percent + " of " + module);
    }
  }

  /** Whether it is about a network namespace, unless one that outranks it is. */
  boolean selects(String namespace) {
    return target.networkNamespace().map(namespace::equals).orElse(true);
  }

  @Override
  public Object says() {
    return modules;
  }

  @Override
  public boolean changesConnections() {
    return false;
  }
}
