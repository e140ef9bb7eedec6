package dev.shunt.e2e.cluster.kubelet;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ResourceFieldSelector;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a Pod can say of itself to its containers: the downward API. Immutable.
 *
 * @param pod as last seen
 * @param podAddress its own
 * @param hostAddress its node's
 */
record PodFields(V1Pod pod, String podAddress, String hostAddress) {
  private static final Pattern ENTRY =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

  /**
   * The value of a fieldRef.
   *
   * @param path such as {@code metadata.labels['app']}
   * @throws IllegalArgumentException when there is no such field
   */
  String value(String path) {
    V1ObjectMeta metadata = pod.getMetadata();
    Matcher entry = ENTRY.matcher(path);
    if (entry.matches()) {
      return table(entry.group(1)).getOrDefault(entry.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> metadata.getName();
      case "metadata.namespace" -> metadata.getNamespace();
      case "metadata.uid" -> metadata.getUid();
      case "metadata.labels" -> lines(table("labels"));
      case "metadata.annotations" -> lines(table("annotations"));
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      case "spec.serviceAccountName" ->
          Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("");
      case "status.hostIP", "status.hostIPs" -> hostAddress;
      case "status.podIP", "status.podIPs" -> podAddress;
      default -> throw new IllegalArgumentException("fieldPath: " + path + " (expected: a field)");
    };
  }

  private Map<String, String> table(String name) {
    V1ObjectMeta metadata = pod.getMetadata();
    Map<String, String> table =
        name.equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
    return table == null ? Map.of() : table;
  }

  private static String lines(Map<String, String> table) {
    return new TreeMap<>(table)
        .entrySet().stream()
            .map(each -> each.getKey() + "=\"" + escaped(each.getValue()) + "\"")
            .collect(Collectors.joining("\n"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /**
   * The value of a resourceFieldRef.
   *
   * @param capacity of the node, which counts where the container has no limit
   */
  static String resource(
      V1Container container, V1ResourceFieldSelector selector, Map<String, Quantity> capacity) {
    String[] path = selector.getResource().split("\\.", 2);
    V1ResourceRequirements resources = container.getResources();
    Map<String, Quantity> asked =
        resources == null
            ? null
            : path[0].equals("limits") ? resources.getLimits() : resources.getRequests();
    Quantity found = asked == null ? null : asked.get(path[1]);
    if (found == null) {
      found = path[0].equals("limits") ? capacity.get(path[1]) : null;
    }
    if (found == null) {
      return "0";
    }
    BigDecimal divisor =
        selector.getDivisor() == null || selector.getDivisor().getNumber().signum() == 0
            ? BigDecimal.ONE
            : selector.getDivisor().getNumber();
    return found.getNumber().divide(divisor, 0, RoundingMode.CEILING).toPlainString();
  }
}
