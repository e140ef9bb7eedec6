package dev.shunt.e2e.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --case}: which cases of a suite run. One thread, the command's. */
public final class CaseOption {
  /** More names than these hide the one that was mistyped. */
  private static final int NAMES_SHOWN = 40;

  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "Only these cases; may be repeated. All by default.")
  private List<String> names = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Whether only some cases run. */
  public boolean isGiven() {
    return !names.isEmpty();
  }

  /**
   * The cases that run, in the suite's order.
   *
   * @param all of the suite
   * @param name of a case
   * @throws ParameterException when a case that was asked for does not exist
   */
  public <T> List<T> chosen(List<T> all, Function<T, String> name) {
    List<String> known = all.stream().map(name).toList();
    for (String wanted : names) {
      if (!known.contains(wanted)) {
        throw new ParameterException(
            command().commandLine(),
            "--case: %s (expected: one of %s)".formatted(wanted, shown(known)));
      }
    }
    return all.stream()
        .filter(each -> names.isEmpty() || names.contains(name.apply(each)))
        .toList();
  }

  private static String shown(List<String> known) {
    String names = String.join(", ", known.subList(0, Math.min(known.size(), NAMES_SHOWN)));
    int others = known.size() - NAMES_SHOWN;
    return others > 0 ? names + " and " + others + " others" : names;
  }

  private CommandSpec command() {
    CommandSpec mixee = command;
    if (mixee == null) {
      throw new IllegalStateException("--case: not part of a command");
    }
    return mixee;
  }
}
