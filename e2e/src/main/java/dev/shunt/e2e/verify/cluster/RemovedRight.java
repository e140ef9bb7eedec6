package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.JSON;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/**
 * A role of the chart that lacks one resource of one of its rules. Immutable.
 *
 * @param role {@code clusterrole/NAME} or {@code role/NAME}, in the release's namespace
 * @param resource that it lacks
 * @param verbs that the rule has
 * @param rules what is left
 * @param whole all of them
 */
record RemovedRight(String role, String resource, String verbs, List<?> rules, List<?> whole) {
  RemovedRight {
    rules = List.copyOf(rules);
    whole = List.copyOf(whole);
  }

  /** One for each resource of each rule. */
  static List<RemovedRight> of(ClusterStage stage, String role) {
    // every JSON document is a YAML document (YAML 1.2, section 1.3)
    Map<?, ?> object =
        new Yaml().load(stage.kubectl().run("get", role, "-n", "shunt", "-o", "json"));
    List<?> rules = (List<?>) Objects.requireNonNull(object.get("rules"), role);
    List<RemovedRight> removed = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      Map<?, ?> rule = (Map<?, ?>) rules.get(i);
      for (Object resource : (List<?>) Objects.requireNonNull(rule.get("resources"), role)) {
        removed.add(
            new RemovedRight(
                role,
                String.valueOf(resource),
                String.valueOf(rule.get("verbs")),
                without(rules, i, resource),
                rules));
      }
    }
    if (removed.isEmpty()) {
      throw new SceneException("read " + role + " failed: it has no rules");
    }
    return removed;
  }

  private static List<Object> without(List<?> rules, int index, Object resource) {
    List<Object> left = new ArrayList<>(rules);
    Map<Object, Object> rule = new LinkedHashMap<>((Map<?, ?>) rules.get(index));
    List<Object> resources =
        new ArrayList<>((List<?>) Objects.requireNonNull(rule.get("resources")));
    resources.remove(resource);
    if (resources.isEmpty()) {
      left.remove(index);
    } else {
      rule.put("resources", resources);
      left.set(index, rule);
    }
    return left;
  }

  void takeAway(ClusterStage stage) {
    patch(stage, rules);
  }

  void giveBack(ClusterStage stage) {
    patch(stage, whole);
  }

  private void patch(ClusterStage stage, List<?> present) {
    String body = "{\"rules\":" + JSON.serialize(present) + "}";
    stage.kubectl().run("patch", role, "-n", "shunt", "--type=merge", "-p", body);
  }

  @Override
  public String toString() {
    return resource + " " + verbs;
  }
}
