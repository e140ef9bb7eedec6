package dev.shunt.cluster.watch;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Lists and watches of the API server as untyped JSON, a page or a line at a time. Thread-safe;
 * blocks.
 */
final class ApiPages {
  private static final int GONE = 410; // the version is older than what the server keeps
  private static final String[] AUTHENTICATION = {"BearerToken"};
  private static final Gson GSON = new Gson();

  private final ApiClient client;

  ApiPages(ApiClient client) {
    this.client = client;
  }

  /** The version to go on from is too old: list anew. */
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException(String message) {
      super(message);
    }
  }

  /** One page of a list. */
  JsonObject page(String path, Map<String, String> query) throws IOException {
    try (Response response = call(path, query).execute();
        Reader body = body(response, path)) {
      return GSON.fromJson(body, JsonObject.class);
    } catch (JsonParseException e) {
      throw new IOException("list " + path + " failed: the answer is no JSON", e);
    }
  }

  /** A watch that runs until it is ended from outside, or by the server. */
  Call watch(String path, Map<String, String> query) throws IOException {
    return call(path, query);
  }

  /** Tells each event until the server ends the watch. */
  static void follow(Call watch, String path, Consumer<JsonObject> event) throws IOException {
    try (Response response = watch.execute();
        BufferedReader lines = new BufferedReader(body(response, path))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        event.accept(GSON.fromJson(line, JsonObject.class));
      }
    } catch (JsonParseException e) {
      throw new IOException("watch " + path + " failed: an event is no JSON", e);
    }
  }

  /** Whether an event or an answer says that the version is too old. */
  static boolean isGone(JsonObject status) {
    JsonElement code = status.get("code");
    return code != null && code.isJsonPrimitive() && code.getAsInt() == GONE;
  }

  private Call call(String path, Map<String, String> query) throws IOException {
    List<Pair> parameters = new ArrayList<>();
    query.forEach((name, value) -> parameters.add(new Pair(name, value)));
    try {
      return client.buildCall(
          null,
          path,
          "GET",
          parameters,
          List.of(),
          null,
          new HashMap<>(Map.of("Accept", "application/json")),
          new HashMap<>(),
          new HashMap<>(),
          AUTHENTICATION,
          null);
    } catch (ApiException e) {
      throw new IOException("ask the API server failed: " + e.getMessage(), e);
    }
  }

  private static Reader body(Response response, String path) throws IOException {
    ResponseBody body = response.body();
    if (response.code() == GONE) {
      throw new GoneException("list " + path + ": the version is too old");
    }
    if (!response.isSuccessful() || body == null) {
      throw new IOException("list " + path + " failed: HTTP " + response.code());
    }
    return body.charStream();
  }
}
