package dev.shunt.agent;

import dev.shunt.datapath.host.PodOnHost;
import dev.shunt.desired.Policy;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.pod.ClusterFacts;
import dev.shunt.desired.pod.Labels;
import dev.shunt.desired.pod.NodePolicies;
import dev.shunt.desired.pod.PlacedPod;
import dev.shunt.desired.pod.PodCompiler;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.desired.pod.PodPhase;
import dev.shunt.desired.pod.PodPolicies;
import dev.shunt.desired.pod.PodPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node of a cluster goes by: its pods, where they are on the host, labels, and policies; and
 * what holds for each pod. Thread-safe.
 */
final class PodInputs {
  private static final Logger LOG = LoggerFactory.getLogger(PodInputs.class);

  private final String node;
  private final PodPlaces places;
  private ClusterFacts facts = ClusterFacts.UNKNOWN;
  private List<PodPolicy> ofFiles = List.of();
  private Told told = Told.NOTHING;
  private NodePolicies decided = NodePolicies.NOTHING;
  private List<String> remarks = List.of();
  private String trouble = "";
  private boolean changed = true;

  /** What {@link #look} found. */
  enum News {
    /** All is as it was. */
    NONE,
    /** Pods came, went or moved; for connections of those that stay the same holds as before. */
    PODS,
    /** Something else holds for connections of a pod that was known, or for the node. */
    POLICIES
  }

  /**
   * What the control plane says.
   *
   * @param policies those of this node
   * @param labels of namespaces and of the node; empty before the control plane has said any
   */
  record Told(List<PodPolicy> policies, Optional<Labels> labels) {
    private static final Told NOTHING = new Told(List.of(), Optional.empty());

    Told {
      policies = List.copyOf(policies);
    }
  }

  PodInputs(String node, PodPlaces places) {
    this.node = node;
    this.places = places;
  }

  /** The name of this node in its cluster. */
  String node() {
    return node;
  }

  /** What the watch of this node knows now. */
  synchronized void facts(ClusterFacts known) {
    changed |= !known.equals(facts);
    facts = known;
  }

  /** What keeps the watch from knowing, one sentence; empty when nothing does. */
  synchronized void trouble(String sentence) {
    trouble = sentence;
  }

  /** As told last. */
  synchronized String trouble() {
    return trouble;
  }

  /** Policies of files. */
  synchronized void policies(List<PodPolicy> read) {
    changed |= !read.equals(ofFiles);
    ofFiles = List.copyOf(read);
  }

  /**
   * Policies and labels as the control plane gave them.
   *
   * @return what it had said before
   */
  synchronized Told told(Told now) {
    Told before = told;
    changed |= !now.equals(before);
    told = now;
    return before;
  }

  /**
   * Looks for pods that came, went or restarted. Loop thread.
   *
   * @return what has changed since the last call, also in labels or policies
   */
  News look(long nowNanos) {
    boolean moved = places.look(living(), nowNanos);
    synchronized (this) {
      if (!moved && !changed) {
        return News.NONE;
      }
      changed = false;
      NodePolicies before = decided;
      decide();
      return decided.governsAnew(before) ? News.POLICIES : News.PODS;
    }
  }

  private synchronized List<PodFacts> living() {
    return facts.pods().stream().filter(pod -> pod.phase() != PodPhase.ENDED).toList();
  }

  private void decide() {
    List<PlacedPod> placed =
        facts.pods().stream().map(pod -> new PlacedPod(pod, places.place(pod.uid()))).toList();
    decided =
        NodePolicies.of(
            node,
            placed,
            PodPolicies.of(policies()),
            told.labels().orElse(facts.labels()),
            path -> Files.isRegularFile(Path.of(path)));
    List<String> now = new ArrayList<>(decided.remarks());
    if (decided.pods().size() > PodCompiler.PODS_MAX) {
      now.add(
          "pods: %d on this node (expected: at most %d); the others are observed"
              .formatted(decided.pods().size(), PodCompiler.PODS_MAX));
    }
    if (places.hasOldCgroups()) {
      now.add(
          "cgroups of pods are in a v1 hierarchy only: connect policies, policies for hostNetwork"
              + " pods and rules for executables have no effect on them");
    }
    if (!now.equals(remarks)) {
      now.forEach(LOG::warn);
    }
    remarks = List.copyOf(now);
  }

  /** Those of the control plane, and those of files with other names. */
  private List<PodPolicy> policies() {
    List<PodPolicy> all = new ArrayList<>(told.policies());
    Set<Object> names = new HashSet<>();
    all.forEach(policy -> names.add(policy.name()));
    ofFiles.stream().filter(policy -> names.add(policy.name())).forEach(all::add);
    return all;
  }

  /** Policies of the control plane as text: equal exactly when they allow the same. */
  synchronized String policyText() {
    return PodPolicies.of(told.policies()).ranked().stream()
        .filter(policy -> policy.policy() instanceof Policy)
        .map(policy -> text((Policy) policy.policy()) + " " + policy.scope())
        .collect(Collectors.joining("\n"));
  }

  /** Sets in order: their own is not that of another process. */
  private static String text(Policy policy) {
    return "%s %s %s %s %s %d %s"
        .formatted(
            policy.name(),
            policy.spec().mode(),
            new TreeSet<>(policy.spec().paths()),
            policy.spec().ports(),
            policy.spec().executables(),
            policy.spec().minTurns(),
            policy.target().interception());
  }

  /** What holds for each pod, as of the last look. */
  synchronized NodePolicies decided() {
    return decided;
  }

  /** Connect policies for the cgroups of pods. */
  List<ConnectPolicy> connectPolicies() {
    return decided().connects();
  }

  /** Traffic filters for interfaces and pods. */
  List<FilterPolicy> trafficFilters() {
    return decided().filters();
  }

  /** The workload of a pod's endpoint, such as {@code Deployment/web}; empty for another one. */
  String workload(String endpoint) {
    return decided()
        .pod(endpoint)
        .map(governed -> governed.pod().pod().workload().toString())
        .orElse("");
  }

  /** Files of the network namespaces of pods that have one of their own, by the pods' names. */
  synchronized Map<String, Path> namespaceFiles() {
    Map<String, Path> files = new TreeMap<>();
    for (PodFacts pod : facts.pods()) {
      if (pod.network() == PodNetwork.OWN) {
        places
            .found(pod.uid())
            .flatMap(PodOnHost::network)
            .ifPresent(network -> files.put(pod.id().key(), network.file()));
      }
    }
    return files;
  }
}
