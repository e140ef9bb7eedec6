package dev.shunt.e2e.cluster.kubelet;

import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Services as netfilter rules and as host names. Pure.
 *
 * @param services all of the cluster
 * @param backends of all Services
 */
record ServiceRules(List<V1Service> services, List<Backends> backends) {
  private static final String CHAIN = "SHUNT-SERVICES";
  private static final String DOMAIN = "cluster.local";

  /** What is there before any Service. */
  static final String BASE =
      String.join(
          "\n",
          "*nat",
          ":" + CHAIN + " - [0:0]",
          "-A PREROUTING -j " + CHAIN,
          "-A OUTPUT -j " + CHAIN,
          "COMMIT",
          "");

  ServiceRules {
    services =
        services.stream()
            .sorted(Comparator.comparing(each -> each.getMetadata().getUid()))
            .toList();
    backends = List.copyOf(backends);
  }

  /** What iptables-restore reads; it replaces what an earlier one said. */
  String nat() {
    List<String> lines = new ArrayList<>(List.of("*nat", ":" + CHAIN + " - [0:0]"));
    for (V1Service service : services) {
      if (hasAddress(service)) {
        for (V1ServicePort port :
            Optional.ofNullable(service.getSpec().getPorts()).orElse(List.of())) {
          lines.addAll(rules(service, port));
        }
      }
    }
    lines.add("COMMIT");
    lines.add("");
    return String.join("\n", lines);
  }

  private static boolean hasAddress(V1Service service) {
    String address = service.getSpec().getClusterIP();
    return address != null && !address.isEmpty() && !address.equals("None");
  }

  /** Each rule takes its share of what those before it left. */
  private List<String> rules(V1Service service, V1ServicePort port) {
    String protocol =
        Optional.ofNullable(port.getProtocol()).orElse("TCP").toLowerCase(Locale.ROOT);
    String match =
        "-A %s -d %s/32 -p %s --dport %d"
            .formatted(CHAIN, service.getSpec().getClusterIP(), protocol, port.getPort());
    List<String> targets = targets(service, port);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      int left = targets.size() - i;
      String share =
          left == 1 ? "" : " -m statistic --mode random --probability %.5f".formatted(1.0 / left);
      lines.add(match + share + " -j DNAT --to-destination " + targets.get(i));
    }
    return lines;
  }

  private List<String> targets(V1Service service, V1ServicePort port) {
    String name = Optional.ofNullable(port.getName()).orElse("");
    List<String> targets = new ArrayList<>();
    for (Backends each : of(service)) {
      Integer number = each.ports().get(name);
      if (number != null) {
        each.addresses().forEach(address -> targets.add(address + ":" + number));
      }
    }
    return targets.stream().sorted().distinct().toList();
  }

  private List<Backends> of(V1Service service) {
    return backends.stream()
        .filter(
            each ->
                each.namespace().equals(service.getMetadata().getNamespace())
                    && each.service().equals(service.getMetadata().getName()))
        .toList();
  }

  /**
   * Lines of /etc/hosts.
   *
   * @param podNamespace whose Services have short names too
   */
  String names(String podNamespace) {
    StringBuilder lines = new StringBuilder();
    for (V1Service service : services) {
      String name = service.getMetadata().getName();
      String namespace = service.getMetadata().getNamespace();
      String full = name + "." + namespace + ".svc";
      String all = full + "." + DOMAIN + " " + full + " " + name + "." + namespace;
      if (namespace.equals(podNamespace)) {
        all += " " + name;
      }
      for (String address : addresses(service)) {
        lines.append(address).append(' ').append(all).append('\n');
      }
    }
    return lines.toString();
  }

  /** One without an address of its own has those of its Pods. */
  private List<String> addresses(V1Service service) {
    if (hasAddress(service)) {
      return List.of(service.getSpec().getClusterIP());
    }
    return of(service).stream()
        .flatMap(each -> each.addresses().stream())
        .sorted()
        .distinct()
        .toList();
  }
}
