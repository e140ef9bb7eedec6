package dev.shunt.ingest.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the numbers of packet filter rules across restarts, in {@code <state-dir>/filter-rules}:
 * one {@code number rule} a line.
 *
 * <p>Thread rule: one thread at a time; blocks for a disk write. Nothing to close.
 */
public final class FilterSlotStore {
  private static final Pattern LINE = Pattern.compile("([0-9]{1,5}) (\\S+)");

  private final StateFile file;

  /** The folder is created by the first write. */
  public FilterSlotStore(Path stateDirectory) {
    this.file = new StateFile(stateDirectory.resolve("filter-rules"));
  }

  /**
   * The numbers by rule; none before the first write.
   *
   * @throws IOException they are there and cannot be read
   */
  public Map<String, Integer> read() throws IOException {
    Map<String, Integer> slots = new TreeMap<>();
    for (String line : file.read().orElse("").lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IOException(
            file.path() + ": " + FieldFault.printable(line) + " (expected: a number and a rule)");
      }
      slots.put(matcher.group(2), Integer.parseInt(matcher.group(1)));
    }
    return slots;
  }

  /**
   * Keeps the numbers.
   *
   * @throws IOException when they are not kept; the file then holds what it held before
   */
  public void write(Map<String, Integer> slots) throws IOException {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(slots)
        .forEach((rule, slot) -> text.append(slot).append(' ').append(rule).append('\n'));
    file.write(text.toString());
  }
}
