package dev.shunt.e2e.scene;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mutual TLS of one side of Envoy. Immutable.
 *
 * @param authority certificates that the other side's has to be signed by, PEM
 * @param certificate shown to the other side, PEM
 * @param key of that certificate, PEM
 */
public record EnvoyTls(Path authority, Path certificate, Path key) {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.";

  /** For a listener's filter chain or a cluster; the other side has to show a certificate. */
  List<String> acceptingSocket() {
    return socket("DownstreamTlsContext", List.of("    require_client_certificate: true"));
  }

  /** For a cluster. */
  List<String> connectingSocket() {
    return socket("UpstreamTlsContext", List.of());
  }

  private List<String> socket(String context, List<String> more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "transport_socket:",
                "  name: envoy.transport_sockets.tls",
                "  typed_config:",
                "    \"@type\": " + TYPE + context));
    lines.addAll(more);
    lines.addAll(
        List.of(
            "    common_tls_context:",
            "      tls_certificates:",
            "      - certificate_chain: {filename: " + certificate + "}",
            "        private_key: {filename: " + key + "}",
            "      validation_context: {trusted_ca: {filename: " + authority + "}}"));
    return lines;
  }
}
