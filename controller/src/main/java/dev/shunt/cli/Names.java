package dev.shunt.cli;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.ProtocolMessageEnum;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Names of the proto's enums as people and scripts see them: {@code too_young}. Stateless. */
final class Names {
  private Names() {}

  /** The name of a constant; its number when this build does not know it. */
  static String of(ProtocolMessageEnum constant) {
    return constant.toString().equals("UNRECOGNIZED")
        ? "unrecognized"
        : MessageTree.name(constant.getValueDescriptor());
  }

  /**
   * Finds constants by name; dashes count as underscores.
   *
   * @throws ParameterException with the names that exist
   */
  static <T extends ProtocolMessageEnum> List<T> parse(
      CommandSpec spec, String option, List<String> names, T[] constants) {
    List<T> found = new ArrayList<>();
    for (String name : names) {
      found.add(parse(spec, option, name, constants));
    }
    return found;
  }

  private static <T extends ProtocolMessageEnum> T parse(
      CommandSpec spec, String option, String name, T[] constants) {
    String wanted = name.toLowerCase(Locale.ROOT).replace('-', '_');
    List<String> known = new ArrayList<>();
    for (T constant : constants) {
      if (of(constant).equals(wanted) && isOffered(constant)) {
        return constant;
      }
      if (isOffered(constant)) {
        known.add(of(constant));
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "%s: %s (expected: %s)".formatted(option, name, String.join(", ", known)));
  }

  private static boolean isOffered(ProtocolMessageEnum constant) {
    if (constant.toString().equals("UNRECOGNIZED")) {
      return false;
    }
    EnumValueDescriptor value = constant.getValueDescriptor();
    return !value.getName().endsWith("_UNSPECIFIED");
  }
}
