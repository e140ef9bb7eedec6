package dev.shunt.cli;

import dev.shunt.v1.TraceProfile;
import dev.shunt.v1.TraceStack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Samples of a profile, equal stacks counted together. Not thread safe. */
final class FoldedStacks {
  private final Map<List<String>, Long> counts = new LinkedHashMap<>();

  void add(TraceProfile profile) {
    for (TraceStack stack : profile.getStacksList()) {
      List<String> path = new ArrayList<>();
      path.add(stack.getCommand());
      path.addAll(stack.getFramesList());
      counts.merge(path, stack.getCount(), Long::sum);
    }
  }

  /** Frames, the command first, and how often. */
  Map<List<String>, Long> counts() {
    return counts;
  }

  long samples() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Separators are those of the line. */
  private static String word(String frame) {
    return Printable.of(frame).replace(';', ':');
  }

  /** One line a stack, frames separated by semicolons: what flame graph tools read. */
  String text() {
    Map<String, Long> lines = new TreeMap<>();
    counts.forEach(
        (path, count) ->
            lines.merge(
                String.join(";", path.stream().map(FoldedStacks::word).toList()),
                count,
                Long::sum));
    StringBuilder text = new StringBuilder();
    lines.forEach((line, count) -> text.append(line).append(' ').append(count).append('\n'));
    return text.toString();
  }
}
