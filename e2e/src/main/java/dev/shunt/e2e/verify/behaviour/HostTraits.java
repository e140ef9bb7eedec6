package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code shunt traits -o json} says. Stateless. */
final class HostTraits {
  private HostTraits() {}

  /**
   * Names of the traits of workloads in or below a cgroup.
   *
   * @throws SceneException when it is no such document
   */
  static List<String> parse(String json, String cgroup) {
    // every JSON document is a YAML document (YAML 1.2, section 1.3)
    Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    if (!(root instanceof Map<?, ?> fields) || !(fields.get("traits") instanceof List<?> traits)) {
      throw new SceneException("parse traits failed: no list traits in " + json);
    }
    return traits.stream()
        .filter(trait -> (text(trait, "cgroup") + "/").startsWith(cgroup + "/"))
        .map(trait -> text(trait, "trait"))
        .toList();
  }

  private static String text(Object trait, String key) {
    if (!(trait instanceof Map<?, ?> fields) || !(fields.get(key) instanceof String value)) {
      throw new SceneException("parse traits failed: no text " + key + " in " + trait);
    }
    return value;
  }
}
