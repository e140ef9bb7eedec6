package dev.shunt.desired.pod;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A label selector of Kubernetes: all of its conditions hold, and none means everything.
 *
 * @param matchLabels labels with exactly these values
 * @param matchExpressions further conditions
 */
public record LabelSelector(
    Map<String, String> matchLabels, List<LabelRequirement> matchExpressions) {
  /** Selects everything. */
  public static final LabelSelector EVERYTHING = new LabelSelector(Map.of(), List.of());

  /** Copies the collections; labels in alphabetical order. */
  public LabelSelector {
    matchLabels = Collections.unmodifiableMap(new TreeMap<>(matchLabels));
    matchExpressions = List.copyOf(matchExpressions);
  }

  /** Selects what has these labels. */
  public static LabelSelector of(Map<String, String> matchLabels) {
    return new LabelSelector(matchLabels, List.of());
  }

  /** Whether it has no condition. */
  public boolean isEverything() {
    return matchLabels.isEmpty() && matchExpressions.isEmpty();
  }

  /** Whether labels meet all conditions. */
  public boolean matches(Map<String, String> labels) {
    return matchLabels.entrySet().stream()
            .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())))
        && matchExpressions.stream().allMatch(requirement -> requirement.matches(labels));
  }

  /** As {@code kubectl} prints it; {@code everything} without a condition. */
  @Override
  public String toString() {
    List<String> conditions = new ArrayList<>();
    matchLabels.forEach((key, value) -> conditions.add(key + "=" + value));
    matchExpressions.forEach(requirement -> conditions.add(requirement.toString()));
    return conditions.isEmpty() ? "everything" : String.join(",", conditions);
  }
}
