package dev.shunt.e2e.verify.cluster;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.AttachType;
import dev.shunt.datapath.libbpf.AttachedPrograms;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TcFilters;
import dev.shunt.e2e.cluster.ClusterNode;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is left of a release: objects of any kind at the API server, and what a node has of it. One
 * thread; blocks.
 *
 * @param stage with the cluster
 * @param namespace of the release
 */
record Leftovers(ClusterStage stage, String namespace) {
  /** Kinds that are no objects of anybody: a record of the past, and a view of the parts. */
  private static final List<String> NO_OBJECTS =
      List.of("events", "events.events.k8s.io", "componentstatuses");

  /** What Kubernetes puts into every namespace. */
  private static final List<String> OF_EVERY_NAMESPACE =
      List.of("ConfigMap %s/kube-root-ca.crt", "ServiceAccount %s/default");

  private static final String ROWS =
      "jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{\"\\n\"}{end}";

  private static final List<AttachType> CGROUP_HOOKS =
      List.of(
          AttachType.CGROUP_SOCK_OPS,
          AttachType.CGROUP_INET4_CONNECT,
          AttachType.CGROUP_INET6_CONNECT,
          AttachType.CGROUP_SETSOCKOPT);

  /** Everything that is there and should not be. */
  List<String> all() {
    List<String> left = new ArrayList<>(objects());
    for (ClusterNode node : stage.nodes()) {
      left.addAll(files(node));
      left.addAll(programs(node));
    }
    return left;
  }

  /** Objects in the namespace, and others whose name says that they belong to the release. */
  private List<String> objects() {
    List<String> expected = new ArrayList<>();
    expected.add("Namespace /" + namespace);
    OF_EVERY_NAMESPACE.forEach(row -> expected.add(row.formatted(namespace)));
    List<String> left = new ArrayList<>();
    for (String scope : List.of("true", "false")) {
      String kinds =
          String.join(
              ",",
              stage
                  .kubectl()
                  .run("api-resources", "--verbs=list", "--namespaced=" + scope, "-o", "name")
                  .lines()
                  .filter(kind -> !NO_OBJECTS.contains(kind))
                  .toList());
      stage
          .kubectl()
          .run("get", kinds, "--all-namespaces", "-o", ROWS)
          .lines()
          .filter(row -> row.contains(namespace) && !expected.contains(row))
          .forEach(left::add);
    }
    return left;
  }

  /** Pins, and files and directories of a node's disk. */
  private List<String> files(ClusterNode node) {
    List<String> left = new ArrayList<>();
    Path pins = node.settings().bpf();
    for (Path root : List.of(pins, node.settings().disk())) {
      try (Stream<Path> found = Files.walk(root)) {
        found
            .filter(
                path -> root.equals(pins) || String.valueOf(path.getFileName()).contains(namespace))
            .filter(path -> !path.equals(root))
            .forEach(path -> left.add(node.name() + ":" + path));
      } catch (IOException e) {
        throw new SceneException("look at " + root + " of " + node.name() + " failed: " + e, e);
      }
    }
    return left;
  }

  /** Programs on the hooks of a node's cgroup and interfaces: nothing else puts any there. */
  private static List<String> programs(ClusterNode node) {
    List<String> left = new ArrayList<>();
    AttachedPrograms attached = new AttachedPrograms(new Libbpf());
    try (Fd cgroup = Linux.open(node.settings().cgroup().path())) {
      for (AttachType hook : CGROUP_HOOKS) {
        attached
            .ofCgroup(cgroup, hook)
            .forEach(id -> left.add("%s: program %d on %s".formatted(node.name(), id, hook)));
      }
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(node.network().node().name())) {
      namespace
          .facts()
          .interfaces()
          .forEach(
              (device, index) ->
                  Netns.call(namespace.fd(), () -> onInterface(attached, index))
                      .forEach(
                          id ->
                              left.add("%s: program %d on %s".formatted(node.name(), id, device))));
    }
    return left;
  }

  private static List<Integer> onInterface(AttachedPrograms attached, int index) {
    List<Integer> ids = new ArrayList<>();
    ids.addAll(attached.ofInterface(index, AttachType.TCX_INGRESS));
    ids.addAll(attached.ofInterface(index, AttachType.TCX_EGRESS));
    for (TcFilters.Direction direction : TcFilters.Direction.values()) {
      ids.addAll(attached.filters(index, direction));
    }
    attached.xdp(index).ifPresent(ids::add);
    return ids;
  }
}
