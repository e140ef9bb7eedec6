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
    return "-Xlog:gc:file=" + file;
  }

  /** The pauses so far. */
  List<Pause> pauses() {
    List<Pause> pauses = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        Matcher fields = PAUSE.matcher(line);
        if (fields.find()) {
          pauses.add(
              new Pause(
                  Long.parseLong(fields.group(1)),
                  Long.parseLong(fields.group(2)),
                  Double.parseDouble(fields.group(3))));
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return pauses;
  }
}
