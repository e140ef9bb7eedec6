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
import dev.shunt.desired.PortRange;
import dev.shunt.desired.PortRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code spec} of an Acceleration. Strict: the first fault ends it. */
final class SpecSchema {
  private static final int EXECUTABLES_MAX = 64;
  private static final int PRIORITY_MAX = 1_000_000;
  private static final String ANY_NAMESPACE = "*";
  private static final String PORTS = "1..65535 or a range a-b";
  private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
  private static final List<String> SPEC =
      List.of(
          "hostSelector",
          "mode",
          "ports",
          "paths",
          "exemptExecutables",
          "forceExecutables",
          "probation",
          "priority");
  private static final List<String> HOST_SELECTOR =
      List.of(
          "cgroupPath",
          "networkNamespace",
          "executable",
          "outboundIntercepted",
          "outboundTranslated");

  private SpecSchema() {}

  static Policy read(Field spec, PolicyName name, PolicyOrigin origin) throws FieldFault {
    Map<String, Field> fields = fields(spec);
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
        target(fields.get("hostSelector")),
        wanted,
        priority == null ? 0 : priority.integer(-PRIORITY_MAX, PRIORITY_MAX),
        origin);
  }

  private static Map<String, Field> fields(Field spec) throws FieldFault {
    Optional<Field> podSelector = spec.find("podSelector");
    if (podSelector.isPresent()) {
      Field field = podSelector.get();
      throw new FieldFault(field.line(), field.path() + ": needs Kubernetes; use hostSelector");
    }
    return spec.mapping(SPEC);
  }

  private static PolicyTarget target(@Nullable Field field) throws FieldFault {
    if (field == null) {
      return PolicyTarget.EVERYTHING;
    }
    Map<String, Field> fields = field.mapping(HOST_SELECTOR);
    Optional<String> namespace =
        text(fields.get("networkNamespace"), Syntax::isNetns, Syntax.NETNS);
    Optional<String> cgroup =
        text(fields.get("cgroupPath"), Syntax::isCgroup, Syntax.CGROUP)
            .map(path -> path.startsWith("/") ? path : "/" + path);
    Optional<String> executable =
        text(fields.get("executable"), Syntax::isAbsolutePath, Syntax.EXECUTABLE);
    Interception interception = Interception.NONE;
    if (isSet(fields.get("outboundIntercepted"), namespace)) {
      interception = Interception.OUTBOUND;
    }
    if (isSet(fields.get("outboundTranslated"), namespace)) {
      interception = Interception.TRANSLATED;
    }
    return new PolicyTarget(
        new HostSelector(namespace.filter(name -> !name.equals(ANY_NAMESPACE)), cgroup, executable),
        interception);
  }

  /** A fact about a network namespace: which, has to be said. */
  private static boolean isSet(@Nullable Field field, Optional<String> namespace)
      throws FieldFault {
    if (field == null || !field.bool()) {
      return false;
    }
    if (namespace.isEmpty()) {
      throw field.fault("true", "only together with networkNamespace");
    }
    return true;
  }

  private static Optional<String> text(
      @Nullable Field field, Predicate<String> valid, String expected) throws FieldFault {
    return field == null ? Optional.empty() : Optional.of(field.text(valid, expected));
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
    return new PortRules(ranges(fields.get("include")), ranges(fields.get("exclude")));
  }

  private static List<PortRange> ranges(@Nullable Field field) throws FieldFault {
    List<PortRange> ranges = new ArrayList<>();
    if (field != null) {
      for (Field item : field.list(PortRules.RANGES_MAX)) {
        ranges.add(range(item));
      }
    }
    return ranges;
  }

  private static PortRange range(Field item) throws FieldFault {
    String value = item.scalar(PORTS);
    Matcher matcher = PORT.matcher(value);
    if (!matcher.matches()) {
      throw item.fault(value, PORTS);
    }
    String last = matcher.group(2) == null ? matcher.group(1) : matcher.group(2);
    try {
      return new PortRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(last));
    } catch (IllegalArgumentException e) {
      throw item.fault(value, PORTS);
    }
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
