package dev.shunt.ingest.file;

import dev.shunt.desired.ModeOverride;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps what {@code shunt mode} set, across restarts, in {@code <state-dir>/mode}.
 *
 * <p>Thread rule: one thread at a time; blocks for a disk write. Nothing to close.
 */
public final class ModeStore {
  private static final String FALL_BACK = "; following the policies";

  private final StateFile file;

  /** The folder is created by the first write. */
  public ModeStore(Path stateDirectory) {
    this.file = new StateFile(stateDirectory.resolve("mode"));
  }

  /** Never throws: what cannot be read falls back to the policies, with the error. */
  public StoredMode read() {
    Optional<String> text;
    try {
      text = file.read();
    } catch (IOException e) {
      return fault("read mode " + file.path() + " failed: " + e.getMessage());
    }
    if (text.isEmpty()) {
      return new StoredMode(ModeOverride.POLICY, Optional.empty());
    }
    String value = text.get().strip();
    return ModeOverride.parse(value)
        .map(override -> new StoredMode(override, Optional.empty()))
        .orElseGet(
            () ->
                fault(
                    file.path()
                        + ": "
                        + FieldFault.printable(value)
                        + " (expected: "
                        + expected()
                        + ")"));
  }

  /**
   * Keeps an override; {@link ModeOverride#POLICY} undoes it.
   *
   * @throws IOException when it is not kept; the file then holds what it held before
   */
  public void write(ModeOverride override) throws IOException {
    file.write(override.text() + "\n");
  }

  private static StoredMode fault(String text) {
    return new StoredMode(ModeOverride.POLICY, Optional.of(text + FALL_BACK));
  }

  private static String expected() {
    return Arrays.stream(ModeOverride.values())
        .map(ModeOverride::text)
        .collect(Collectors.joining(", "));
  }
}
