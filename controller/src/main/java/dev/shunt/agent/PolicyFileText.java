package dev.shunt.agent;

import dev.shunt.desired.NamedPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What a policy file says of connections that stand: the bytes that tell it from another. */
final class PolicyFileText {
  private static final Pattern NEXT_DOCUMENT = Pattern.compile("---([ \\t\\r].*)?");

  /**
   * Ends and begins documents in other ways, or lines: their places cannot be told without a reader
   * of YAML.
   */
  private static final Pattern UNCOMMON =
      Pattern.compile("(?m)^(\\.\\.\\.|%)|[\\x{85}\\x{2028}\\x{2029}]|\\r(?!\\n)");

  private PolicyFileText() {}

  /**
   * The part of a file that is about connections that stand. Of a file with nothing else this is
   * all of it, as other versions have it.
   *
   * @param bytes of the file, which is in force as a whole
   * @param inForce its policies
   */
  static byte[] ofConnections(byte[] bytes, List<NamedPolicy> inForce) {
    if (inForce.stream().allMatch(NamedPolicy::changesConnections)) {
      return bytes;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return UNCOMMON.matcher(text).find()
        ? bytes
        : documents(text, inForce)
            .map(kept -> String.join("---\n", kept).getBytes(StandardCharsets.UTF_8))
            .orElse(bytes);
  }

  /** The documents with such policies; empty: a document has two, as none should have. */
  private static Optional<Collection<String>> documents(String text, List<NamedPolicy> inForce) {
    NavigableMap<Integer, String> byLine = byLine(text);
    Map<Integer, String> kept = new TreeMap<>();
    List<Integer> seen = new ArrayList<>();
    for (NamedPolicy policy : inForce) {
      int first = byLine.floorKey(Math.max(1, policy.origin().line()));
      if (seen.contains(first)) {
        return Optional.empty();
      }
      seen.add(first);
      if (policy.changesConnections()) {
        kept.put(first, byLine.getOrDefault(first, ""));
      }
    }
    return Optional.of(kept.values());
  }

  /** Documents by the number of their first line, from 1, without what parts them. */
  private static NavigableMap<Integer, String> byLine(String text) {
    NavigableMap<Integer, String> documents = new TreeMap<>();
    StringBuilder document = new StringBuilder();
    int begin = 1;
    int line = 0;
    for (String each : Arrays.asList(text.split("(?<=\n)"))) {
      line++;
      if (NEXT_DOCUMENT.matcher(each.stripTrailing()).matches()) {
        documents.put(begin, document.toString());
        document.setLength(0);
        begin = line;
        String rest = each.substring("---".length());
        document.append(rest.isBlank() ? "" : rest);
      } else {
        document.append(each);
      }
    }
    documents.put(begin, document.toString());
    return documents;
  }
}
