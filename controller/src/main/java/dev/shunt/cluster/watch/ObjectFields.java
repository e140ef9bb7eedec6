package dev.shunt.cluster.watch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** Fields of objects of the API server. Stateless; absent fields are empty. */
final class ObjectFields {
  private ObjectFields() {}

  static JsonObject object(JsonObject parent, String name) {
    JsonElement member = parent.get(name);
    return member != null && member.isJsonObject() ? member.getAsJsonObject() : new JsonObject();
  }

  static String text(JsonObject parent, String name) {
    JsonElement member = parent.get(name);
    return member != null && member.isJsonPrimitive() ? member.getAsString() : "";
  }

  static long number(JsonObject parent, String name) {
    JsonElement member = parent.get(name);
    return member != null && member.isJsonPrimitive() && member.getAsJsonPrimitive().isNumber()
        ? member.getAsLong()
        : 0;
  }

  static JsonObject metadata(JsonObject object) {
    return object(object, "metadata");
  }

  static Map<String, String> labels(JsonObject object) {
    Map<String, String> labels = new HashMap<>();
    object(metadata(object), "labels")
        .entrySet()
        .forEach(
            entry -> {
              if (entry.getValue().isJsonPrimitive()) {
                labels.put(entry.getKey(), entry.getValue().getAsString());
              }
            });
    return labels;
  }
}
