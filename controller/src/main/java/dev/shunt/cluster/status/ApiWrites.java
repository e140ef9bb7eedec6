package dev.shunt.cluster.status;

import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Writes untyped JSON to the API server. Thread-safe; blocks. */
final class ApiWrites {
  private static final String[] AUTHENTICATION = {"BearerToken"};
  private static final int TEXT_MAX = 300;

  private final ApiClient client;

  ApiWrites(ApiClient client) {
    this.client = client;
  }

  /** Patches an object: members of the body replace those there. */
  void patch(String path, JsonObject body) throws IOException {
    write("PATCH", path, body, "application/merge-patch+json");
  }

  void create(String path, JsonObject body) throws IOException {
    write("POST", path, body, "application/json");
  }

  private void write(String method, String path, JsonObject body, String type) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", "application/json");
    headers.put("Content-Type", type);
    try (Response response =
        client
            .buildCall(
                null,
                path,
                method,
                List.of(),
                List.of(),
                body,
                headers,
                new HashMap<>(),
                new HashMap<>(),
                AUTHENTICATION,
                null)
            .execute()) {
      if (!response.isSuccessful()) {
        throw new IOException(
            "%s %s failed: HTTP %d %s".formatted(method, path, response.code(), text(response)));
      }
    } catch (ApiException e) {
      throw new IOException("%s %s failed: %s".formatted(method, path, e.getMessage()), e);
    }
  }

  private static String text(Response response) throws IOException {
    ResponseBody body = response.body();
    String text = body == null ? "" : body.string();
    return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "..." : text;
  }
}
