package dev.shunt.cli.preflight;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Outcome of one check. Immutable.
 *
 * @param check what was looked at: kernel, btf ...
 * @param level whether Shunt can run
 * @param detail what was found
 * @param remedy what to do; empty when OK
 */
public record Finding(String check, Level level, String detail, String remedy) {
  /** What a finding means. */
  public enum Level {
    OK,
    /** Shunt runs, with less. */
    WARN,
    /** Shunt cannot run. */
    FAIL;

    /** Lower case, as scripts see it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String detail) {
    return new Finding(check, Level.OK, detail, "");
  }

  static Finding warn(String check, String detail, String remedy) {
    return new Finding(check, Level.WARN, detail, remedy);
  }

  static Finding fail(String check, String detail, String remedy) {
    return new Finding(check, Level.FAIL, detail, remedy);
  }

  /** As scripts see it. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("check", check);
    document.put("level", level.label());
    document.put("detail", detail);
    document.put("remedy", remedy);
    return document;
  }
}
