package dev.shunt.ingest.file;

import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.pod.Canary;
import dev.shunt.desired.pod.LabelRequirement;
import dev.shunt.desired.pod.LabelRequirement.Operator;
import dev.shunt.desired.pod.LabelSelector;
import dev.shunt.desired.pod.PodScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a {@code spec} that say which pods are meant. Stateless. */
final class PodScopeSchema {
  private static final int LABELS_MAX = 64;
  private static final int EXPRESSIONS_MAX = 32;
  private static final int VALUES_MAX = 64;
  private static final int PERCENT_MAX = 100;
  private static final List<String> NAMESPACED = List.of("podSelector");
  private static final List<String> CLUSTER =
      List.of("podSelector", "namespaceSelector", "nodeSelector", "canary");

  private PodScopeSchema() {}

  /** Fields of a spec of this kind. */
  static List<String> fields(PolicyKind kind) {
    return kind.isCluster() ? CLUSTER : NAMESPACED;
  }

  /** What is left out selects everything. */
  static PodScope read(Map<String, Field> spec) throws FieldFault {
    return new PodScope(
        selector(spec.get("podSelector")),
        selector(spec.get("namespaceSelector")),
        selector(spec.get("nodeSelector")),
        canary(spec.get("canary")));
  }

  private static Canary canary(@Nullable Field field) throws FieldFault {
    Field percent = field == null ? null : field.mapping(List.of("percent")).get("percent");
    return percent == null ? Canary.ALL : new Canary(percent.integer(0, PERCENT_MAX));
  }

  private static LabelSelector selector(@Nullable Field field) throws FieldFault {
    if (field == null) {
      return LabelSelector.EVERYTHING;
    }
    Map<String, Field> fields = field.mapping(List.of("matchLabels", "matchExpressions"));
    Field labels = fields.get("matchLabels");
    Field expressions = fields.get("matchExpressions");
    List<LabelRequirement> requirements = new ArrayList<>();
    if (expressions != null) {
      for (Field item : expressions.list(EXPRESSIONS_MAX)) {
        requirements.add(requirement(item));
      }
    }
    return new LabelSelector(labels == null ? Map.of() : labels(labels), requirements);
  }

  private static Map<String, String> labels(Field field) throws FieldFault {
    Map<String, String> labels = field.texts(LABELS_MAX);
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!Syntax.isLabelKey(label.getKey())) {
        throw field.fault(label.getKey(), Syntax.LABEL_KEY);
      }
      if (!Syntax.isLabelValue(label.getValue())) {
        throw field.fault(label.getValue(), Syntax.LABEL_VALUE);
      }
    }
    return labels;
  }

  private static LabelRequirement requirement(Field item) throws FieldFault {
    Map<String, Field> fields = item.mapping(List.of("key", "operator", "values"));
    String key =
        RuleSchema.required(fields, "key", Syntax.LABEL_KEY, item)
            .text(Syntax::isLabelKey, Syntax.LABEL_KEY);
    Operator operator = operator(RuleSchema.required(fields, "operator", operators(), item));
    Field list = fields.get("values");
    List<String> values = new ArrayList<>();
    if (list != null) {
      for (Field value : list.list(VALUES_MAX)) {
        values.add(value.text(Syntax::isLabelValue, Syntax.LABEL_VALUE));
      }
    }
    if (values.isEmpty() == operator.takesValues()) {
      throw FieldFault.of(
          item.line(),
          item.path() + ".values",
          values.isEmpty() ? "none" : values.size() + " entries",
          (values.isEmpty() ? "at least one" : "none") + " with operator " + operator.text());
    }
    return new LabelRequirement(key, operator, values);
  }

  private static Operator operator(Field field) throws FieldFault {
    String value = field.scalar(operators());
    for (Operator operator : Operator.values()) {
      if (operator.text().equals(value)) {
        return operator;
      }
    }
    throw field.fault(value, operators());
  }

  private static String operators() {
    return Arrays.stream(Operator.values()).map(Operator::text).collect(Collectors.joining(", "));
  }
}
