package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.bench.Variant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Third-party programs to measure in the same rounds. Immutable.
 *
 * @param name that results show
 * @param sockops object with one program of type sock_ops, and the map that it fills
 * @param verdict object with one program of type sk_msg; may be the same file
 */
public record Comparison(String name, Path sockops, Path verdict) {
  private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9-]{0,19})=([^,]+),([^,]+)");

  /**
   * Reads {@code NAME=sockops.o,skmsg.o}.
   *
   * @throws IllegalArgumentException it is not that, or a file is not there
   */
  public static Comparison parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "--compare: " + text + " (expected: NAME=SOCKOPS.o,SKMSG.o, NAME of a-z, 0-9 and -)");
    }
    Comparison comparison =
        new Comparison(form.group(1), Path.of(form.group(2)), Path.of(form.group(3)));
    for (Path file : new Path[] {comparison.sockops, comparison.verdict}) {
      if (!Files.isReadable(file)) {
        throw new IllegalArgumentException("--compare: read " + file + " failed: no such file");
      }
    }
    return comparison;
  }

  /** As the variant of a cell. */
  public Variant variant() {
    return new Variant(Variant.Kind.THIRD_PARTY, name);
  }

  /** Loads both and attaches them to the cgroup. */
  Cover attach(Path cgroup) {
    return ThirdPartyCover.attach(this, cgroup);
  }
}
