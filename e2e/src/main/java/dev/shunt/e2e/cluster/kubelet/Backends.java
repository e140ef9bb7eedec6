package dev.shunt.e2e.cluster.kubelet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who serves a Service: what an EndpointSlice says. Immutable.
 *
 * @param namespace of the Service
 * @param service name of it
 * @param ports numbers by the name of the Service's port, which may be empty
 * @param addresses of those that are ready
 */
record Backends(
    String namespace, String service, Map<String, Integer> ports, List<String> addresses) {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  Backends {
    ports = Collections.unmodifiableMap(new TreeMap<>(ports));
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads an EndpointSlice. By hand: the client library's own class refuses one without endpoints
   * ({@code "endpoints": null}), which is what a new Service has.
   */
  static Backends of(JsonObject slice) {
    JsonObject metadata = slice.getAsJsonObject("metadata");
    Map<String, Integer> ports = new TreeMap<>();
    for (JsonObject port : objects(slice, "ports")) {
      if (port.has("port")) {
        ports.put(text(port, "name"), port.get("port").getAsInt());
      }
    }
    List<String> addresses = new ArrayList<>();
    for (JsonObject endpoint : objects(slice, "endpoints")) {
      if (isReady(endpoint)) {
        endpoint.getAsJsonArray("addresses").forEach(each -> addresses.add(each.getAsString()));
      }
    }
    JsonObject labels =
        metadata.has("labels") ? metadata.getAsJsonObject("labels") : new JsonObject();
    return new Backends(text(metadata, "namespace"), text(labels, SERVICE_LABEL), ports, addresses);
  }

  private static boolean isReady(JsonObject endpoint) {
    JsonElement conditions = endpoint.get("conditions");
    if (conditions == null || !conditions.isJsonObject()) {
      return true;
    }
    JsonElement ready = conditions.getAsJsonObject().get("ready");
    return ready == null || ready.isJsonNull() || ready.getAsBoolean();
  }

  private static List<JsonObject> objects(JsonObject from, String name) {
    JsonElement found = from.get(name);
    JsonArray array = found instanceof JsonArray there ? there : new JsonArray();
    List<JsonObject> objects = new ArrayList<>();
    array.forEach(each -> objects.add(each.getAsJsonObject()));
    return objects;
  }

  private static String text(JsonObject from, String name) {
    JsonElement found = from.get(name);
    return found == null || found.isJsonNull() ? "" : found.getAsString();
  }
}
