package dev.shunt.desired.pod;

import dev.shunt.desired.Interception;
import dev.shunt.desired.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds pods and pod policies for tests. */
public final class Pods {
  /** Labels of the namespaces and the node that the pods here are in. */
  public static final Labels LABELS =
      new Labels(
          Map.of("shop", Map.of("tier", "gold"), "bank", Map.of()),
          Map.of("node-1", Map.of("disk", "ssd")));

  private final PodId id;
  private Map<String, String> labels = Map.of();
  private Workload workload;
  private PodNetwork network = PodNetwork.OWN;
  private PodPhase phase = PodPhase.RUNNING;
  private Interception interception = Interception.NONE;
  private PodPlace place = PodPlace.UNKNOWN;

  private Pods(PodId id) {
    this.id = id;
    workload = Workload.ofPod(id.name());
  }

  /** A running pod of node-1 that nothing owns, without labels. */
  public static Pods pod(String namespace, String name) {
    return new Pods(new PodId("uid-" + namespace + "-" + name, namespace, name));
  }

  /** Sets one label. */
  public Pods label(String key, String value) {
    labels = Map.of(key, value);
    return this;
  }

  /** Makes it a replica of a Deployment. */
  public Pods deployment(String name) {
    workload = new Workload("Deployment", name);
    return this;
  }

  /** It uses the node's network. */
  public Pods hostNetwork() {
    network = PodNetwork.HOST;
    return this;
  }

  /** It has ended. */
  public Pods ended() {
    phase = PodPhase.ENDED;
    return this;
  }

  /** It has a sidecar. */
  public Pods intercepted() {
    interception = Interception.OUTBOUND;
    return this;
  }

  /** Puts it into a cgroup, with one container of this root. */
  public Pods at(String cgroup, String root) {
    place =
        new PodPlace(
            Optional.of(cgroup), List.of(new PodPlace.Container(cgroup + "/container", root)));
    return this;
  }

  /** The pod. */
  public PodFacts build() {
    return new PodFacts(id, "node-1", labels, workload, network, phase, interception);
  }

  /** The pod where it is. */
  public PlacedPod placed() {
    return new PlacedPod(build(), place);
  }

  /** A policy for pods with one label. */
  public static PodPolicy forLabel(Policy policy, String key, String value) {
    return new PodPolicy(policy, PodScope.of(LabelSelector.of(Map.of(key, value))));
  }

  /** A policy for every pod it may select. */
  public static PodPolicy forAll(Policy policy) {
    return new PodPolicy(policy, PodScope.EVERYTHING);
  }
}
