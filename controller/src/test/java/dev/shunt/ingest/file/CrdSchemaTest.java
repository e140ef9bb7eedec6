package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.shunt.desired.telemetry.TelemetryModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What the API server accepts and what this reader accepts is the same: every field, every bound,
 * every word. The reader is asked by documents alone; its messages name what it expects.
 */
class CrdSchemaTest {
  private static final Gson JSON = new Gson();
  private static final String UNKNOWN = "zzz";

  /** Texts of every kind: for each field CRD and reader must agree about each. */
  private static final List<Object> SAMPLES =
      List.of(
          "",
          "a",
          "A",
          "-a",
          "a-",
          "a.b",
          "a_b",
          "a/b",
          "example.com/app",
          "x".repeat(63),
          "x".repeat(64),
          "/",
          "/bin/x",
          "/bin//x",
          "/bin/../x",
          "/bin/.x",
          "/bin/...",
          "bin/x",
          "10.0.0.0/8",
          "10.0.0.1",
          "fd00::/8",
          "::1",
          "10.0.0.0/8/8",
          "eth0",
          "eth*",
          "a b",
          "sixteen-letters-",
          "80",
          "80-90",
          "0-5",
          "65535",
          "65536",
          "70000-70001",
          "-1",
          "080",
          "8/0",
          "255/255",
          "256",
          "3/256",
          0,
          1,
          255,
          256,
          65535,
          65536);

  static Stream<String> kinds() throws IOException {
    return CrdSchema.kinds().stream();
  }

  private final Map<String, Map<String, Object>> bases =
      Map.of(
          "Acceleration", Map.of(),
          "ConnectPolicy", Map.of("rules", List.of(rule(0))),
          "TrafficFilter", Map.of("podSelector", Map.of(), "rules", List.of(rule(0))),
          "Telemetry", Map.of("modules", List.of(module(0))));

  private static Map<String, Object> rule(int number) {
    return Map.of("name", "r" + number, "action", "allow");
  }

  private static Map<String, Object> module(int number) {
    TelemetryModule[] modules = TelemetryModule.values();
    return Map.of("name", modules[number % modules.length].toString());
  }

  /** Empty when the reader takes it; else what it says. */
  private String told(String kind, Map<String, Object> spec) {
    Map<String, Object> document =
        Map.of(
            "apiVersion",
            "shunt.dev/v1alpha1",
            "kind",
            kind,
            "metadata",
            Map.of("name", "n"),
            "spec",
            spec);
    try {
      assertThat(PolicyDocuments.read(JSON.toJson(document), "it")).hasSize(1);
      return "";
    } catch (RefusedPolicyException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  /** Specs that have a value at a path, each with what else the value needs. */
  private List<Map<String, Object>> specs(String kind, List<String> path, Object value) {
    List<Map<String, Object>> specs = new ArrayList<>();
    for (Map<String, Object> needed : CrdSpecs.needs(path)) {
      Map<String, Object> spec = copy(bases.getOrDefault(kind.replace("Cluster", ""), Map.of()));
      needed.forEach((at, companion) -> CrdSpecs.set(spec, List.of(at.split("/", -1)), companion));
      CrdSpecs.set(spec, path, value);
      if (!path.get(0).equals("podSelector")
          && (spec.containsKey("interfaces") || spec.containsKey("defaultRoute"))) {
        spec.remove("podSelector");
      }
      specs.add(spec);
    }
    return specs;
  }

  private static Map<String, Object> copy(Map<String, Object> spec) {
    return CrdSchema.object(new Yaml().load(JSON.toJson(spec)));
  }

  private boolean accepts(String kind, List<String> path, Object value) {
    return specs(kind, path, value).stream().anyMatch(spec -> told(kind, spec).isEmpty());
  }

  /** Words that a message lists as expected. */
  private Set<String> expected(String kind, List<String> path, Object value) {
    String message = told(kind, specs(kind, path, value).get(0));
    int at = message.indexOf("(expected: ");
    assertThat(at).as("%s %s: %s", kind, path, message).isNotNegative();
    String list = message.substring(at + "(expected: ".length(), message.indexOf(')', at));
    return new HashSet<>(List.of(list.split(", ", -1)));
  }

  private static List<String> with(List<String> path, String step) {
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void reader_everyFieldAndBound_isThatOfTheCrd(String kind) throws IOException {
    check(kind, List.of(), CrdSchema.of(kind).property("spec"));
  }

  private void check(String kind, List<String> path, CrdSchema schema) {
    if (schema.has("properties")) {
      Set<String> fields = new HashSet<>(schema.properties().keySet());
      fields.remove("hostSelector");
      assertThat(expected(kind, with(path, UNKNOWN), 1)).as("%s %s", kind, path).isEqualTo(fields);
      fields.forEach(name -> check(kind, with(path, name), schema.property(name)));
    } else if (schema.has("additionalProperties")) {
      checkSamples(
          kind,
          with(path, "key"),
          new CrdSchema(CrdSchema.object(schema.node().get("additionalProperties"))));
    } else if (schema.has("items")) {
      checkList(kind, path, schema);
    } else if (schema.has("enum")) {
      List<String> words = schema.strings("enum");
      assertThat(expected(kind, path, UNKNOWN)).as("%s %s", kind, path).containsAll(words);
      assertThat(words).allMatch(word -> accepts(kind, path, word), kind + " " + path);
    } else if ("integer".equals(schema.node().get("type"))) {
      checkBounds(kind, path, schema);
    } else if ("boolean".equals(schema.node().get("type"))) {
      assertThat(accepts(kind, path, true)).as("%s %s", kind, path).isTrue();
      assertThat(accepts(kind, path, "true")).as("%s %s", kind, path).isFalse();
    } else {
      checkSamples(kind, path, schema);
    }
  }

  private void checkBounds(String kind, List<String> path, CrdSchema schema) {
    long min = schema.number("minimum");
    long max = schema.number("maximum");
    assertThat(
            Stream.of(min - 1, min, max, max + 1)
                .filter(value -> accepts(kind, path, value))
                .toList())
        .as("%s %s", kind, path)
        .containsExactly(min, max);
  }

  private void checkList(String kind, List<String> path, CrdSchema schema) {
    int max = (int) schema.number("maxItems");
    List<Object> most = new ArrayList<>();
    for (int i = 0; i < max; i++) {
      most.add(item(kind, path, schema, i));
    }
    assertThat(accepts(kind, path, most)).as("%s %s: %d", kind, path, max).isTrue();
    most.add(item(kind, path, schema, max));
    assertThat(accepts(kind, path, most)).as("%s %s: %d", kind, path, max + 1).isFalse();
    if (schema.items().has("properties")) {
      check(kind, with(path, "0"), schema.items());
    } else {
      checkSamples(kind, with(path, "0"), schema.items());
    }
  }

  /** Entries of some lists must differ from each other. */
  private Object item(String kind, List<String> path, CrdSchema schema, int number) {
    return switch (String.join("/", path)) {
      case "rules" -> rule(number);
      case "modules" -> module(number);
      default -> sample(kind, path, schema.items());
    };
  }

  private Object sample(String kind, List<String> path, CrdSchema item) {
    if (item.has("properties")) {
      return Map.of("key", "a", "operator", "Exists");
    }
    return SAMPLES.stream()
        .filter(value -> item.faults("", value).isEmpty())
        .filter(value -> accepts(kind, path, List.of(value)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " " + path + ": no sample fits"));
  }

  private void checkSamples(String kind, List<String> path, CrdSchema schema) {
    for (Object value : SAMPLES) {
      boolean served = schema.faults("", value).isEmpty();
      assertThat(accepts(kind, path, value)).as("%s %s: %s", kind, path, value).isEqualTo(served);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void reader_hostSelector_isRefusedAsByTheApiServer(String kind) throws IOException {
    CrdSchema spec = CrdSchema.of(kind).property("spec");

    assertThat(spec.properties()).containsKey("hostSelector");
    assertThat(JSON.toJson(spec.node().get("x-kubernetes-validations"))).contains("hostSelector");
    assertThat(told(kind, specs(kind, List.of("hostSelector"), Map.of()).get(0)))
        .contains("spec.hostSelector: selects on a host without Kubernetes; use podSelector");
  }

  @Test
  void examples_forKubernetes_passBoth() throws Exception {
    int documents = 0;
    try (var files = Files.list(Path.of("../examples/policies/kubernetes"))) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file);
        PolicyDocuments.read(text, file.toString());
        for (Object document : new Yaml().loadAll(text)) {
          Map<String, Object> object = CrdSchema.object(document);
          String kind = String.valueOf(object.get("kind"));
          assertThat(CrdSchema.of(kind).faults("", object)).as("%s", file).isEmpty();
          documents++;
        }
      }
    }
    assertThat(documents).isGreaterThan(5);
  }
}
