package dev.shunt.cluster.status;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What the {@code status} of a policy says. Immutable.
 *
 * @param observedGeneration of the spec that it is about
 * @param matchedPods pods that the policy selects
 * @param nodes how far nodes are with it
 * @param share of bytes accelerated, such as {@code 87%}
 * @param conditions Accepted, Programmed, Degraded
 */
record PolicyStatus(
    long observedGeneration,
    int matchedPods,
    Nodes nodes,
    Optional<String> share,
    List<Condition> conditions) {
  /** Copies the list. */
  PolicyStatus {
    conditions = List.copyOf(conditions);
  }

  /** Counts of nodes, and the first refusal; empty without one. */
  record Nodes(int targeted, int programmed, int failed, String firstError) {}

  /**
   * As a merge patch of {@code status}.
   *
   * @param before status that the API server has: conditions keep their time while they hold
   */
  JsonObject json(JsonObject before, Instant now) {
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", observedGeneration);
    status.addProperty("matchedPods", matchedPods);
    JsonObject counts = new JsonObject();
    counts.addProperty("targeted", nodes.targeted());
    counts.addProperty("programmed", nodes.programmed());
    counts.addProperty("failed", nodes.failed());
    if (!nodes.firstError().isEmpty()) {
      counts.addProperty("firstError", nodes.firstError());
    } else if (has(before, "nodes", "firstError")) {
      counts.add("firstError", JsonNull.INSTANCE); // a merge patch removes what is null
    }
    status.add("nodes", counts);
    share.ifPresent(text -> status.addProperty("share", text));
    JsonArray list = new JsonArray();
    conditions.forEach(condition -> list.add(json(condition, before, now)));
    status.add("conditions", list);
    return status;
  }

  private JsonObject json(Condition condition, JsonObject before, Instant now) {
    String state = condition.holds() ? "True" : "False";
    JsonObject json = new JsonObject();
    json.addProperty("type", condition.type());
    json.addProperty("status", state);
    json.addProperty("observedGeneration", observedGeneration);
    json.addProperty("lastTransitionTime", since(condition.type(), state, before, now));
    json.addProperty("reason", condition.reason().text());
    json.addProperty("message", condition.message());
    return json;
  }

  private static String since(String type, String state, JsonObject before, Instant now) {
    return find(before, type)
        .filter(condition -> text(condition, "status").equals(state))
        .map(condition -> text(condition, "lastTransitionTime"))
        .filter(time -> !time.isEmpty())
        .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** The condition of a type in a status. */
  static Optional<JsonObject> find(JsonObject status, String type) {
    JsonElement list = status.get("conditions");
    if (list != null && list.isJsonArray()) {
      for (JsonElement condition : list.getAsJsonArray()) {
        if (condition.isJsonObject() && text(condition.getAsJsonObject(), "type").equals(type)) {
          return Optional.of(condition.getAsJsonObject());
        }
      }
    }
    return Optional.empty();
  }

  static String text(JsonObject object, String name) {
    JsonElement member = object.get(name);
    return member != null && member.isJsonPrimitive() ? member.getAsString() : "";
  }

  private static boolean has(JsonObject object, String parent, String name) {
    JsonElement member = object.get(parent);
    return member != null && member.isJsonObject() && member.getAsJsonObject().has(name);
  }
}
