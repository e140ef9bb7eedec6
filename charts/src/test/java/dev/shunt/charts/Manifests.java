package dev.shunt.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Rendered objects, in the order of the rendering. Immutable by convention. */
record Manifests(List<Node> objects) {
  /** A place in a document. */
  record Node(@Nullable Object value) {
    /** The value below keys and indices, such as {@code spec.containers.0.name}; or nothing. */
    Node at(String path) {
      Object found = value;
      for (String step : path.split("\\.", -1)) {
        if (found instanceof Map<?, ?> map) {
          found = map.get(step);
        } else if (found instanceof List<?> list && Integer.parseInt(step) < list.size()) {
          found = list.get(Integer.parseInt(step));
        } else {
          return new Node(null);
        }
      }
      return new Node(found);
    }

    /** Below a key that has dots. */
    Node key(String name) {
      return new Node(value instanceof Map<?, ?> map ? map.get(name) : null);
    }

    String text() {
      return String.valueOf(value);
    }

    boolean exists() {
      return value != null;
    }

    List<Node> list() {
      List<Node> nodes = new ArrayList<>();
      if (value instanceof List<?> list) {
        list.forEach(item -> nodes.add(new Node(item)));
      }
      return nodes;
    }

    List<String> texts() {
      return list().stream().map(Node::text).toList();
    }

    /** Kind and name, as messages show an object. */
    String title() {
      return at("kind").text() + "/" + at("metadata.name").text();
    }
  }

  static Manifests parse(String yaml) {
    List<Node> objects = new ArrayList<>();
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(yaml)) {
      if (document != null) {
        objects.add(new Node(document));
      }
    }
    return new Manifests(List.copyOf(objects));
  }

  /** The only object of a kind and name. */
  Node get(String kind, String name) {
    List<Node> found =
        objects.stream().filter(object -> object.title().equals(kind + "/" + name)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects " + kind + "/" + name + " of " + titles());
    }
    return found.get(0);
  }

  List<Node> all(String kind) {
    return objects.stream().filter(object -> object.at("kind").text().equals(kind)).toList();
  }

  List<String> titles() {
    return objects.stream().map(Node::title).toList();
  }
}
