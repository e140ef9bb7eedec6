package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.SceneException;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads what a command prints with {@code -o json}. Pure. */
final class NodeDocument {
  private NodeDocument() {}

  /**
   * The document's fields.
   *
   * @param what the document is, for messages
   * @throws SceneException when the text is no JSON object
   */
  static Map<?, ?> of(String what, String json) {
    try {
      // every JSON document is a YAML document (YAML 1.2, section 1.3)
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
      if (root instanceof Map<?, ?> map) {
        return map;
      }
    } catch (YAMLException e) {
      throw new SceneException(
          "parse " + what + " of the node failed: " + String.valueOf(e.getMessage()), e);
    }
    throw new SceneException("parse " + what + " of the node failed: not a JSON object");
  }
}
