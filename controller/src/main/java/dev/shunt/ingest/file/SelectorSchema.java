package dev.shunt.ingest.file;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fields that specs of several kinds share. Stateless. */
final class SelectorSchema {
  /** Fields of a {@code hostSelector}. */
  static final List<String> HOST_SELECTOR = List.of("cgroupPath", "networkNamespace", "executable");

  private static final String ANY_NAMESPACE = "*";
  private static final String PORTS = "1..65535 or a range a-b";
  private static final Pattern PORT = Pattern.compile("([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?");

  private SelectorSchema() {}

  /** A {@code hostSelector}; everything when it is left out. */
  static HostSelector selector(@Nullable Field field, List<String> known) throws FieldFault {
    if (field == null) {
      return HostSelector.EVERYTHING;
    }
    Map<String, Field> fields = field.mapping(known);
    Optional<String> namespace =
        text(fields.get("networkNamespace"), Syntax::isNetns, Syntax.NETNS);
    Optional<String> cgroup =
        text(fields.get("cgroupPath"), Syntax::isCgroup, Syntax.CGROUP)
            .map(path -> path.startsWith("/") ? path : "/" + path);
    Optional<String> executable =
        text(fields.get("executable"), Syntax::isAbsolutePath, Syntax.EXECUTABLE);
    return new HostSelector(
        namespace.filter(name -> !name.equals(ANY_NAMESPACE)), cgroup, executable);
  }

  private static Optional<String> text(
      @Nullable Field field, Predicate<String> valid, String expected) throws FieldFault {
    return field == null ? Optional.empty() : Optional.of(field.text(valid, expected));
  }

  /** A list of ports and ranges; none when it is left out. */
  static List<PortRange> ports(@Nullable Field field, int max) throws FieldFault {
    List<PortRange> ranges = new ArrayList<>();
    if (field != null) {
      for (Field item : field.list(max)) {
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
}
