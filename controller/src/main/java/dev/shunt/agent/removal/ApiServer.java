package dev.shunt.agent.removal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.shunt.cli.CannotRunException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The API server of the cluster that this pod runs in, asked with the pod's own service account
 * (kubernetes.io, "Accessing the Kubernetes API from a Pod"). Thread-safe; calls block.
 */
public final class ApiServer {
  /** Where a pod finds its service account. */
  public static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final Duration CALL_LIMIT = Duration.ofSeconds(15);
  private static final int OK = 200;

  private final HttpClient client;
  private final URI address;
  private final Path token;

  /** An answer other than 200. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    RefusedException(int code, String message) {
      super(message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** Speaks to {@code address} with the token that the file holds at each call. */
  ApiServer(HttpClient client, URI address, Path token) {
    this.client = client;
    this.address = address;
    this.token = token;
  }

  /**
   * The one that the environment of a pod names.
   *
   * @throws CannotRunException this is no pod, or it has no service account
   */
  public static ApiServer ofPod(Map<String, String> environment, Path account) {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    if (host == null) {
      throw new CannotRunException(
          "find API server failed: KUBERNETES_SERVICE_HOST is not set; run this in a pod");
    }
    try {
      HttpClient client =
          HttpClient.newBuilder()
              .connectTimeout(CALL_LIMIT)
              .sslContext(trusting(account.resolve("ca.crt")))
              .build();
      String name = host.contains(":") ? "[" + host + "]" : host;
      return new ApiServer(
          client, URI.create("https://" + name + ":" + port), account.resolve("token"));
    } catch (IOException | GeneralSecurityException failed) {
      throw new CannotRunException(
          "read service account " + account + " failed: " + failed.getMessage(), failed);
    }
  }

  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** The object or list at a path. */
  Struct get(String path) throws IOException, RefusedException, InterruptedException {
    return send(request(path).GET());
  }

  /** Changes an object by a strategic merge patch, so that named lists merge by name. */
  Struct patch(String path, Struct patch)
      throws IOException, RefusedException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/strategic-merge-patch+json")
            .method("PATCH", BodyPublishers.ofString(JsonFormat.printer().print(patch))));
  }

  private HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(address.resolve(path))
        .timeout(CALL_LIMIT)
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + Files.readString(token).strip());
  }

  private Struct send(HttpRequest.Builder request)
      throws IOException, RefusedException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    Struct body = parse(response.body());
    if (response.statusCode() != OK) {
      throw new RefusedException(response.statusCode(), message(response.statusCode(), body));
    }
    return body;
  }

  private static Struct parse(String body) {
    Struct.Builder parsed = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(body, parsed);
      return parsed.build();
    } catch (InvalidProtocolBufferException notJson) {
      return Struct.getDefaultInstance(); // a proxy's error page; the code says enough
    }
  }

  private static String message(int code, Struct body) {
    String told =
        body.getFieldsMap().containsKey("message")
            ? body.getFieldsMap().get("message").getStringValue()
            : "no message";
    return told + " (HTTP " + code + ")";
  }
}
