package dev.shunt.cluster.watch;

import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.Fact;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads namespaces and nodes: their labels are all that counts. Stateless. */
final class LabelReader implements FactReader {
  private final BiFunction<String, Optional<Map<String, String>>, Fact> fact;

  LabelReader(BiFunction<String, Optional<Map<String, String>>, Fact> fact) {
    this.fact = fact;
  }

  @Override
  public String key(JsonObject object) {
    return ObjectFields.text(ObjectFields.metadata(object), "name");
  }

  @Override
  public Optional<Fact> present(JsonObject object) {
    return Optional.of(fact.apply(key(object), Optional.of(ObjectFields.labels(object))));
  }

  @Override
  public Fact absent(String key) {
    return fact.apply(key, Optional.empty());
  }
}
