package dev.shunt.ingest.file;

import dev.shunt.desired.EndpointFlag;
import dev.shunt.desired.ExecutableRules;
import dev.shunt.desired.HostSelector;
import dev.shunt.desired.Interception;
import dev.shunt.desired.Mode;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.PolicySpec;
import dev.shunt.desired.PolicyTarget;
import dev.shunt.desired.PortRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code spec} of an Acceleration. Strict: the first fault ends it. */
final class SpecSchema {
  private static final int EXECUTABLES_MAX = 64;
  private static final int PRIORITY_MAX = 1_000_000;
  private static final List<String> SPEC =
      List.of(
          "mode",
          "ports",
          "paths",
          "exemptExecutables",
          "forceExecutables",
          "probation",
          "priority");
  private static final List<String> INTERCEPTION =
      List.of("outboundIntercepted", "outboundTranslated");
  private static final List<String> HOST_SELECTOR =
      List.of(
          "cgroupPath",
          "networkNamespace",
          "executable",
          "outboundIntercepted",
          "outboundTranslated");

  private SpecSchema() {}

  static Policy read(Field spec, SpecFields asked, PolicyName name, PolicyOrigin origin)
      throws FieldFault {
    boolean ofPods = asked.surroundings() == Surroundings.CLUSTER;
    Map<String, Field> fields =
        ofPods ? asked.with(INTERCEPTION).with(SPEC).read(spec) : asked.with(SPEC).read(spec);
    Field mode = fields.get("mode");
    Field priority = fields.get("priority");
    PolicySpec wanted =
        new PolicySpec(
            mode == null ? Mode.ACCELERATE : mode.oneOf(Mode.class),
            paths(fields.get("paths")),
            ports(fields.get("ports")),
            executables(fields),
            minTurns(fields.get("probation")));
    return new Policy(
        name,
        ofPods
            ? new PolicyTarget(HostSelector.EVERYTHING, interceptionOfPods(fields))
            : target(fields.get("hostSelector")),
        wanted,
        priority == null ? 0 : priority.integer(-PRIORITY_MAX, PRIORITY_MAX),
        origin);
  }

  private static PolicyTarget target(@Nullable Field field) throws FieldFault {
    if (field == null) {
      return PolicyTarget.EVERYTHING;
    }
    HostSelector selector = SelectorSchema.selector(field, HOST_SELECTOR);
    Map<String, Field> fields = field.mapping(HOST_SELECTOR);
    Field namespace = fields.get("networkNamespace");
    Interception interception = Interception.NONE;
    if (isSet(fields.get("outboundIntercepted"), namespace)) {
      interception = Interception.OUTBOUND;
    }
    if (isSet(fields.get("outboundTranslated"), namespace)) {
      interception = Interception.TRANSLATED;
    }
    return new PolicyTarget(selector, interception);
  }

  /** A fact about the network namespaces of the pods in which the policy is in force. */
  private static Interception interceptionOfPods(Map<String, Field> fields) throws FieldFault {
    Field translated = fields.get("outboundTranslated");
    if (translated != null && translated.bool()) {
      return Interception.TRANSLATED;
    }
    Field intercepted = fields.get("outboundIntercepted");
    return intercepted != null && intercepted.bool() ? Interception.OUTBOUND : Interception.NONE;
  }

  /** A fact about a network namespace: which, has to be said. */
  private static boolean isSet(@Nullable Field field, @Nullable Field namespace) throws FieldFault {
    if (field == null || !field.bool()) {
      return false;
    }
    if (namespace == null) {
      throw field.fault("true", "only together with networkNamespace");
    }
    return true;
  }

  private static Set<EndpointFlag> paths(@Nullable Field field) throws FieldFault {
    Set<EndpointFlag> paths = EnumSet.of(EndpointFlag.SAME_POD);
    if (field == null) {
      return paths;
    }
    Map<String, Field> fields = field.mapping(List.of("samePod", "sameNode"));
    Field samePod = fields.get("samePod");
    if (samePod != null && !samePod.bool()) {
      paths.remove(EndpointFlag.SAME_POD);
    }
    Field sameNode = fields.get("sameNode");
    if (sameNode != null && sameNode.bool()) {
      paths.add(EndpointFlag.SAME_NODE);
    }
    return paths;
  }

  private static PortRules ports(@Nullable Field field) throws FieldFault {
    if (field == null) {
      return PortRules.ALL;
    }
    Map<String, Field> fields = field.mapping(List.of("include", "exclude"));
    return new PortRules(
        SelectorSchema.ports(fields.get("include"), PortRules.RANGES_MAX),
        SelectorSchema.ports(fields.get("exclude"), PortRules.RANGES_MAX));
  }

  private static ExecutableRules executables(Map<String, Field> fields) throws FieldFault {
    List<String> exempt = new ArrayList<>();
    for (Field item : executableList(fields.get("exemptExecutables"))) {
      exempt.add(item.text(Syntax::isAbsolutePath, Syntax.EXECUTABLE));
    }
    List<String> force = new ArrayList<>();
    for (Field item : executableList(fields.get("forceExecutables"))) {
      String path = item.text(Syntax::isAbsolutePath, Syntax.EXECUTABLE);
      if (exempt.contains(path)) {
        throw item.fault(path, "a path that spec.exemptExecutables does not have");
      }
      force.add(path);
    }
    return new ExecutableRules(exempt, force);
  }

  private static List<Field> executableList(@Nullable Field field) throws FieldFault {
    return field == null ? List.of() : field.list(EXECUTABLES_MAX);
  }

  private static int minTurns(@Nullable Field field) throws FieldFault {
    Field minTurns = field == null ? null : field.mapping(List.of("minTurns")).get("minTurns");
    return minTurns == null
        ? PolicySpec.MIN_TURNS_DEFAULT
        : minTurns.integer(1, PolicySpec.MIN_TURNS_MAX);
  }
}
