package dev.shunt.cluster.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a certificate names its owner: by a URI as its only alternative name. Stateless. */
final class NodeName {
  private static final String URI_PREFIX = "spiffe://shunt.dev/node/";

  /** What replicas call each other with. */
  static final String REPLICA_URI = "spiffe://shunt.dev/control-plane";

  private static final int URI = 6; // uniformResourceIdentifier, RFC 5280 section 4.2.1.6
  private static final int NAME_MAX = 253;

  /** RFC 1123 subdomain, as Kubernetes has it. */
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private NodeName() {}

  static boolean isValid(String node) {
    return node.length() <= NAME_MAX && NAME.matcher(node).matches();
  }

  static String uri(String node) {
    return URI_PREFIX + node;
  }

  /** The node that a certificate is bound to; empty when it is no certificate of a node. */
  static Optional<String> of(X509Certificate certificate) {
    return onlyUri(certificate)
        .filter(uri -> uri.startsWith(URI_PREFIX))
        .map(uri -> uri.substring(URI_PREFIX.length()))
        .filter(NodeName::isValid);
  }

  /** Whether it is the certificate of a replica of the control plane. */
  static boolean isReplica(X509Certificate certificate) {
    return onlyUri(certificate).filter(REPLICA_URI::equals).isPresent();
  }

  private static Optional<String> onlyUri(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null || names.size() != 1) {
        return Optional.empty();
      }
      List<?> name = names.iterator().next();
      return name.get(0).equals(URI) && name.get(1) instanceof String uri
          ? Optional.of(uri)
          : Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }
}
