package dev.shunt.e2e.verify.filters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a comparison found.
 *
 * @param seed of the first rule set; the next has the next number
 * @param packets compared
 * @param dropped of those
 * @param ruleSets used
 * @param mismatches the first of them, with the seed of their rule set
 */
record FuzzResult(long seed, long packets, long dropped, long ruleSets, List<String> mismatches) {
  FuzzResult {
    mismatches = List.copyOf(mismatches);
  }

  boolean passed() {
    return packets > 0 && mismatches.isEmpty();
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("passed", passed());
    document.put("seed", seed);
    document.put("packets", packets);
    document.put("dropped", dropped);
    document.put("rule_sets", ruleSets);
    document.put("mismatches", mismatches);
    return document;
  }

  String text() {
    String verdict =
        "%,d packets, %,d of them dropped, %,d rule sets, seed %d: %s%n"
            .formatted(packets, dropped, ruleSets, seed, passed() ? "passed" : "failed");
    return mismatches.isEmpty() ? verdict : String.join("\n", mismatches) + "\n" + verdict;
  }
}
