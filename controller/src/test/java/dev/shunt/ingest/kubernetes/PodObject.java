package dev.shunt.ingest.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pod as the API has it, built step by step. One thread. */
public final class PodObject {
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, Object> spec = new LinkedHashMap<>();
  private final List<Object> containers = new ArrayList<>();
  private String phase = "Running";

  /** A running pod without labels on a node. */
  public PodObject(String uid, String namespace, String name) {
    metadata.put("uid", uid);
    metadata.put("namespace", namespace);
    metadata.put("name", name);
    spec.put("nodeName", "node-1");
    spec.put("containers", containers);
    containers.add(Map.of("name", "app"));
  }

  /** Sets its labels. */
  public PodObject labels(Map<String, String> labels) {
    metadata.put("labels", labels);
    return this;
  }

  /** Sets its annotations. */
  public PodObject annotations(Map<String, String> annotations) {
    metadata.put("annotations", annotations);
    return this;
  }

  /** Sets its owner. */
  public PodObject owner(String kind, String name) {
    metadata.put(
        "ownerReferences",
        List.of(
            Map.of(
                "apiVersion",
                "apps/v1",
                "kind",
                kind,
                "name",
                name,
                "uid",
                "u",
                "controller",
                true)));
    return this;
  }

  /** Adds a container. */
  public PodObject container(Map<String, Object> container) {
    containers.add(container);
    return this;
  }

  /** Adds an init container. */
  public PodObject initContainer(Map<String, Object> container) {
    spec.put("initContainers", List.of(container));
    return this;
  }

  /** It uses the network of its node. */
  public PodObject hostNetwork() {
    spec.put("hostNetwork", true);
    return this;
  }

  /** Sets its phase. */
  public PodObject phase(String value) {
    phase = value;
    return this;
  }

  /** For an API server. */
  Map<String, Object> json() {
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("metadata", new LinkedHashMap<>(metadata));
    pod.put("spec", spec);
    pod.put("status", Map.of("phase", phase));
    return pod;
  }
}
