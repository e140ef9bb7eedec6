package dev.shunt.ingest.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps learned traits across restarts and reboots, in {@code <state-dir>/traits}: a line with the
 * boot id, then one trait a line, fields separated by tabs.
 *
 * <p>Thread rule: one thread at a time; blocks for a disk write. Nothing to close.
 */
public final class TraitStore {
  private static final String HEAD = "boot";
  private static final String EXPECTED =
      "trait, first, last, times, inode, device, cgroup and executable, separated by tabs";
  private static final int FIELDS = 8;

  private final StateFile file;

  /** The folder is created by the first write. */
  public TraitStore(Path stateDirectory) {
    this.file = new StateFile(stateDirectory.resolve("traits"));
  }

  /** Never throws: what cannot be read gives no traits, with the error. */
  public StoredTraits read() {
    try {
      List<String> lines = file.read().orElse("").lines().toList();
      if (lines.isEmpty()) {
        return new StoredTraits("", List.of(), Optional.empty());
      }
      String[] head = lines.get(0).split("\t", -1);
      if (head.length != 2 || !head[0].equals(HEAD)) {
        throw fault(lines.get(0), "boot and its id");
      }
      List<StoredTrait> traits = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        traits.add(parse(line));
      }
      return new StoredTraits(head[1], traits, Optional.empty());
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      String text = "read traits " + file.path() + " failed: " + e.getMessage();
      return new StoredTraits("", List.of(), Optional.of(text + "; learning them anew"));
    }
  }

  private static StoredTrait parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != FIELDS) {
      throw fault(line, EXPECTED);
    }
    StoredTrait.Workload workload =
        new StoredTrait.Workload(
            fields[6],
            fields[7],
            Long.parseUnsignedLong(fields[4]),
            Integer.parseUnsignedInt(fields[5]));
    return new StoredTrait(
        workload,
        fields[0],
        Instant.parse(fields[1]),
        Instant.parse(fields[2]),
        Long.parseUnsignedLong(fields[3]));
  }

  private static IllegalArgumentException fault(String line, String expected) {
    return new IllegalArgumentException(
        FieldFault.printable(line) + " (expected: " + expected + ")");
  }

  /**
   * Keeps the traits; those of a workload whose name has a tab or a line feed are left out.
   *
   * @throws IOException when they are not kept; the file then holds what it held before
   */
  public void write(String bootId, List<StoredTrait> traits) throws IOException {
    StringBuilder text = new StringBuilder(HEAD + "\t" + bootId + "\n");
    for (StoredTrait trait : traits) {
      StoredTrait.Workload workload = trait.workload();
      String names = workload.cgroupPath() + "\t" + workload.executable();
      if (names.indexOf('\t') != names.lastIndexOf('\t') || names.indexOf('\n') >= 0) {
        continue;
      }
      text.append(trait.trait()).append('\t');
      text.append(trait.firstSeen()).append('\t').append(trait.lastSeen()).append('\t');
      text.append(Long.toUnsignedString(trait.times())).append('\t');
      text.append(Long.toUnsignedString(workload.inode())).append('\t');
      text.append(Integer.toUnsignedString(workload.device())).append('\t');
      text.append(names).append('\n');
    }
    file.write(text.toString());
  }
}
