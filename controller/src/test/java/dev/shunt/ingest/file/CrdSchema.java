package dev.shunt.ingest.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * A structural schema of a CRD, or a part of it; validates as an API server does, but for CEL.
 * Immutable.
 */
record CrdSchema(Map<String, Object> node) {
  private static final Path FOLDER = Path.of("../charts/shunt/templates/crds");

  /** Names of all kinds. */
  static List<String> kinds() throws IOException {
    try (var files = Files.list(FOLDER)) {
      List<String> kinds = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        kinds.add((String) object(object(crd(file).get("spec")).get("names")).get("kind"));
      }
      return kinds;
    }
  }

  /** The schema of a kind. */
  static CrdSchema of(String kind) throws IOException {
    try (var files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Map<String, Object> spec = object(crd(file).get("spec"));
        if (kind.equals(object(spec.get("names")).get("kind"))) {
          Map<String, Object> version = object(list(spec.get("versions")).get(0));
          return new CrdSchema(object(object(version.get("schema")).get("openAPIV3Schema")));
        }
      }
    }
    throw new IllegalArgumentException("no CRD of " + kind);
  }

  /** The lines that Helm reads are none of YAML's. */
  private static Map<String, Object> crd(Path file) throws IOException {
    String text =
        Files.readAllLines(file).stream()
            .filter(line -> !line.strip().startsWith("{{"))
            .collect(Collectors.joining("\n"));
    return object(new Yaml().load(text));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(@Nullable Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  /** Schemas of the fields of an object. */
  Map<String, Object> properties() {
    return object(node.get("properties"));
  }

  CrdSchema property(String name) {
    return new CrdSchema(object(Objects.requireNonNull(properties().get(name), name)));
  }

  /** The schema of an entry of a list. */
  CrdSchema items() {
    return new CrdSchema(object(node.get("items")));
  }

  boolean has(String keyword) {
    return node.containsKey(keyword);
  }

  long number(String keyword) {
    return ((Number) Objects.requireNonNull(node.get(keyword), keyword)).longValue();
  }

  List<String> strings(String keyword) {
    List<?> values = (List<?>) node.getOrDefault(keyword, List.of());
    return values.stream().map(String::valueOf).toList();
  }

  /** What is wrong with a value; none when nothing is. */
  List<String> faults(String path, @Nullable Object value) {
    List<String> faults = new ArrayList<>();
    if (value instanceof Map<?, ?> map) {
      check("object", path, faults);
      faultsOfObject(path, object(map), faults);
    } else if (value instanceof List<?> list) {
      check("array", path, faults);
      if (has("maxItems") && list.size() > number("maxItems")) {
        faults.add(path + ": too many");
      }
      for (int i = 0; i < list.size(); i++) {
        faults.addAll(items().faults(path + "[" + i + "]", list.get(i)));
      }
    } else {
      faultsOfScalar(path, value, faults);
    }
    return faults;
  }

  private void faultsOfObject(String path, Map<String, Object> value, List<String> faults) {
    strings("required").stream()
        .filter(name -> !value.containsKey(name))
        .forEach(name -> faults.add(path + "." + name + ": missing"));
    if (path.endsWith(".metadata")) {
      return;
    }
    value.forEach(
        (name, field) -> {
          if (properties().containsKey(name)) {
            faults.addAll(property(name).faults(path + "." + name, field));
          } else if (has("additionalProperties")) {
            faults.addAll(
                new CrdSchema(object(node.get("additionalProperties")))
                    .faults(path + "." + name, field));
          } else {
            faults.add(path + "." + name + ": unknown");
          }
        });
  }

  private void faultsOfScalar(String path, @Nullable Object value, List<String> faults) {
    if (value instanceof Number number) {
      check("integer", path, faults);
      if ((has("minimum") && number.longValue() < number("minimum"))
          || (has("maximum") && number.longValue() > number("maximum"))) {
        faults.add(path + ": " + number + " out of bounds");
      }
    } else if (value instanceof Boolean) {
      check("boolean", path, faults);
    } else if (value instanceof String text) {
      check("string", path, faults);
      boolean isLong = has("maxLength") && text.length() > number("maxLength");
      boolean isForeign =
          has("pattern")
              && !Pattern.compile(String.valueOf(node.get("pattern"))).matcher(text).find();
      if (isLong || isForeign || (has("enum") && !strings("enum").contains(text))) {
        faults.add(path + ": " + text + " not valid");
      }
    } else {
      faults.add(path + ": of no known type");
    }
  }

  private void check(String type, String path, List<String> faults) {
    boolean either =
        has("x-kubernetes-int-or-string") && (type.equals("integer") || type.equals("string"));
    if (!either && !type.equals(node.get("type"))) {
      faults.add(path + ": " + type + " instead of " + node.get("type"));
    }
  }
}
