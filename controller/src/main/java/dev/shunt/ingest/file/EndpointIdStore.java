package dev.shunt.ingest.file;

import dev.shunt.desired.EndpointIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the endpoint ids across restarts, in {@code <state-dir>/endpoints}: one {@code id name} a
 * line.
 *
 * <p>Thread rule: one thread at a time; blocks for a disk write. Nothing to close.
 */
public final class EndpointIdStore {
  private static final Pattern LINE = Pattern.compile("([0-9]{1,4}) (\\S+)");

  private final StateFile file;

  /** The folder is created by the first write. */
  public EndpointIdStore(Path stateDirectory) {
    this.file = new StateFile(stateDirectory.resolve("endpoints"));
  }

  /** Never throws: what cannot be read gives no ids, with the error. */
  public StoredEndpointIds read() {
    try {
      TreeMap<String, Integer> ids = new TreeMap<>();
      for (String line : file.read().orElse("").lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
          throw new IllegalArgumentException(
              FieldFault.printable(line) + " (expected: an id and a name)");
        }
        ids.put(matcher.group(2), Integer.parseInt(matcher.group(1)));
      }
      return new StoredEndpointIds(EndpointIds.of(ids), Optional.empty());
    } catch (IOException | IllegalArgumentException e) {
      String text = "read endpoint ids " + file.path() + " failed: " + e.getMessage();
      return new StoredEndpointIds(
          EndpointIds.empty(), Optional.of(text + "; giving new ids, counters start anew"));
    }
  }

  /**
   * Keeps the ids.
   *
   * @throws IOException when they are not kept; the file then holds what it held before
   */
  public void write(EndpointIds ids) throws IOException {
    StringBuilder text = new StringBuilder();
    ids.asMap().forEach((name, id) -> text.append(id).append(' ').append(name).append('\n'));
    file.write(text.toString());
  }
}
