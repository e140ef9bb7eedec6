package dev.shunt.agent.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM logs of its pauses with {@code -Xlog:gc}. Immutable. */
record GcLog(Path file) {
  private static final Pattern PAUSE =
      Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(\\d+M\\) ([0-9.]+)ms");

  /** A pause. */
  record Pause(long beforeMib, long afterMib, double millis) {}

  /** The option that has it written. */
  String option() {
    return "-Xlog:gc,gc+start:file=" + file;
  }

  /** Pauses that have begun: a line tells the beginning, and another one the end. */
  long begun() {
    return lines().stream()
        .filter(line -> line.contains("[gc,start") && line.contains("Pause "))
        .count();
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The pauses so far. */
  List<Pause> pauses() {
    List<Pause> pauses = new ArrayList<>();
    for (String line : lines()) {
      Matcher fields = PAUSE.matcher(line);
      if (fields.find()) {
        pauses.add(
            new Pause(
                Long.parseLong(fields.group(1)),
                Long.parseLong(fields.group(2)),
                Double.parseDouble(fields.group(3))));
      }
    }
    return pauses;
  }
}
