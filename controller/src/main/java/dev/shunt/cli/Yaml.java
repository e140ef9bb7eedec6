package dev.shunt.cli;

import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;

/** Writes maps, lists and scalars as YAML. Stateless. */
public final class Yaml {
  private Yaml() {}

  /** One document in block style, keys in the order of the map. */
  public static String document(Map<String, ?> document) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new org.yaml.snakeyaml.Yaml(options).dump(document);
  }
}
