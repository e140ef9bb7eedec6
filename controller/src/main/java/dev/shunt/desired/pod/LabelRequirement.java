package dev.shunt.desired.pod;

import java.util.List;
import java.util.Map;

/**
 * One condition on labels, as {@code matchExpressions} of Kubernetes has it.
 *
 * @param key of the label
 * @param operator what is asked of it
 * @param values for {@link Operator#IN} and {@link Operator#NOT_IN}, at least one; else none
 */
public record LabelRequirement(String key, Operator operator, List<String> values) {
  /** What is asked of a label. */
  public enum Operator {
    /** It has one of the values. */
    IN("In"),
    /** It has none of the values, or does not exist. */
    NOT_IN("NotIn"),
    /** It exists. */
    EXISTS("Exists"),
    /** It does not exist. */
    DOES_NOT_EXIST("DoesNotExist");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** As Kubernetes spells it. */
    public String text() {
      return text;
    }

    /** Whether it compares with values. */
    public boolean takesValues() {
      return this == IN || this == NOT_IN;
    }
  }

  /** Copies the values and checks that they are there exactly when they count. */
  public LabelRequirement {
    values = List.copyOf(values);
    if (values.isEmpty() == operator.takesValues()) {
      throw new IllegalArgumentException(
          "values: %s (expected: %s with %s)"
              .formatted(
                  values, operator.takesValues() ? "at least one" : "none", operator.text()));
    }
  }

  /** Whether labels meet it. */
  public boolean matches(Map<String, String> labels) {
    String value = labels.get(key);
    return switch (operator) {
      case IN -> value != null && values.contains(value);
      case NOT_IN -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
    };
  }

  /** As {@code kubectl} prints it: {@code app in (a,b)}, {@code !app}. */
  @Override
  public String toString() {
    return switch (operator) {
      case IN -> key + " in (" + String.join(",", values) + ")";
      case NOT_IN -> key + " notin (" + String.join(",", values) + ")";
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
    };
  }
}
