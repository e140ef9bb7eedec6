package dev.shunt.cli;

/** What a row of a cluster's statistics is a sum of. Immutable. */
enum ClusterRows {
  WORKLOAD,
  NAMESPACE,
  NODE,
  POD
}
