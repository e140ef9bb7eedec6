package dev.shunt.ingest.file;

/** What policies select in. Immutable. */
public enum Surroundings {
  /** A host without Kubernetes: cgroups, network namespaces, executables. */
  HOST,
  /** A cluster: pods, by their labels. */
  CLUSTER
}
