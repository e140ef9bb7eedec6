package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What one run of a case observed. Immutable.
 *
 * @param observations facts in the order observed; equal on every run on plain TCP
 * @param timing values that differ from run to run
 * @param ok whether the case itself found everything right
 * @param detail why not, empty when ok
 */
public record Observations(
    Map<String, String> observations, Map<String, Long> timing, boolean ok, String detail) {

  public Observations {
    observations = Collections.unmodifiableMap(new LinkedHashMap<>(observations));
    timing = Collections.unmodifiableMap(new LinkedHashMap<>(timing));
  }

  /** Facts of a run that was right by itself. */
  public static Observations of(Map<String, String> facts) {
    return new Observations(facts, Map.of(), true, "");
  }

  /** A run that was wrong by itself, whatever it is compared with. */
  public static Observations wrong(Map<String, String> facts, String detail) {
    return new Observations(facts, Map.of(), false, detail);
  }

  /**
   * Reads the peers' document.
   *
   * @throws SceneException when it is none
   */
  public static Observations parse(String json) {
    Map<?, ?> root = document(json);
    Map<String, String> observations = new LinkedHashMap<>();
    fields(root, "observations").forEach((key, value) -> observations.put(key + "", value + ""));
    Map<String, Long> timing = new LinkedHashMap<>();
    fields(root, "timing").forEach((key, value) -> timing.put(key + "", number(value)));
    return new Observations(
        observations, timing, Boolean.TRUE.equals(root.get("ok")), root.get("detail") + "");
  }

  private static Map<?, ?> document(String json) {
    try {
      LoaderOptions options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      // every JSON document is a YAML document (YAML 1.2, section 1.3)
      Object root = new Yaml(new SafeConstructor(options)).load(json);
      if (root instanceof Map<?, ?> map) {
        return map;
      }
    } catch (YAMLException e) {
      throw new SceneException("parse peer document failed: " + e.getMessage(), e);
    }
    throw new SceneException("parse peer document failed: not a JSON object: " + json);
  }

  private static Map<?, ?> fields(Map<?, ?> root, String name) {
    if (root.get(name) instanceof Map<?, ?> map) {
      return map;
    }
    throw new SceneException("parse peer document failed: no object " + name);
  }

  private static long number(Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new SceneException("parse peer document failed: timing value " + value);
  }

  /** One line for each observation that is not the same in {@code other}, empty when equal. */
  List<String> differencesTo(Observations other) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(observations.keySet());
    keys.addAll(other.observations.keySet());
    for (String key : keys) {
      String mine = observations.getOrDefault(key, "absent");
      String theirs = other.observations.getOrDefault(key, "absent");
      if (!mine.equals(theirs)) {
        differences.add(key + ": " + mine + " / " + theirs);
      }
    }
    if (ok != other.ok) {
      differences.add("ok: " + ok + " " + detail + " / " + other.ok + " " + other.detail);
    }
    return differences;
  }
}
