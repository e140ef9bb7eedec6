package dev.shunt.e2e.verify.scenes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what was observed on plain TCP and accelerated. Pure. */
final class Differences {
  /** The observation that may be lower accelerated, never higher. */
  static final String RESETS = "resets";

  private Differences() {}

  /** One line for each observation that is not as on plain TCP; empty when all are. */
  static List<String> between(Map<String, String> plain, Map<String, String> accelerated) {
    List<String> differences = new ArrayList<>();
    Set<String> all = new LinkedHashSet<>(plain.keySet());
    all.addAll(accelerated.keySet());
    for (String key : all) {
      String expected = plain.getOrDefault(key, "nothing");
      String actual = accelerated.getOrDefault(key, "nothing");
      if (!isEqual(key, expected, actual)) {
        differences.add(key + ": plain " + expected + ", accelerated " + actual);
      }
    }
    return List.copyOf(differences);
  }

  private static boolean isEqual(String key, String expected, String actual) {
    if (key.equals(RESETS) && expected.matches("\\d+") && actual.matches("\\d+")) {
      return Long.parseLong(actual) <= Long.parseLong(expected);
    }
    return expected.equals(actual);
  }
}
