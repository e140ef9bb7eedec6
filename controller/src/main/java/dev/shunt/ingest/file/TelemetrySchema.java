package dev.shunt.ingest.file;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.telemetry.TelemetryModule;
import dev.shunt.desired.telemetry.TelemetryPolicy;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the {@code spec} of a Telemetry. Strict: the first fault ends it. */
final class TelemetrySchema {
  private static final int PRIORITY_MAX = 1_000_000;
  private static final List<String> SPEC = List.of("modules", "priority");
  private static final List<String> MODULE = List.of("name", "sampling");

  /** The kernel compares network namespaces: a cgroup or an executable has no say here. */
  private static final List<String> HOST_SELECTOR = List.of("networkNamespace");

  private TelemetrySchema() {}

  static TelemetryPolicy read(Field spec, SpecFields asked, PolicyName name, PolicyOrigin origin)
      throws FieldFault {
    Map<String, Field> fields = asked.with(SPEC).read(spec);
    HostSelector target = SelectorSchema.selector(fields.get("hostSelector"), HOST_SELECTOR);
    Field list = RuleSchema.required(fields, "modules", "a list of modules", spec);
    Map<TelemetryModule, Integer> modules = new EnumMap<>(TelemetryModule.class);
    for (Field item : list.list(TelemetryModule.values().length)) {
      Map<String, Field> module = item.mapping(MODULE);
      Field named = RuleSchema.required(module, "name", names(), item);
      TelemetryModule wanted = named.oneOf(TelemetryModule.class);
      if (modules.put(wanted, sampling(module.get("sampling"), wanted)) != null) {
        throw named.fault(wanted.toString(), "a module named once in the policy");
      }
    }
    return new TelemetryPolicy(
        name, target, modules, RuleSchema.priority(fields, PRIORITY_MAX), origin);
  }

  private static String names() {
    return Arrays.stream(TelemetryModule.values())
        .map(TelemetryModule::toString)
        .collect(Collectors.joining(", "));
  }

  private static int sampling(@Nullable Field field, TelemetryModule module) throws FieldFault {
    if (field == null) {
      return TelemetryPolicy.EVERY;
    }
    int percent = field.integer(1, TelemetryPolicy.EVERY);
    if (module != TelemetryModule.HTTP) {
      throw field.fault(Integer.toString(percent), "only with the module http, not with " + module);
    }
    return percent;
  }
}
