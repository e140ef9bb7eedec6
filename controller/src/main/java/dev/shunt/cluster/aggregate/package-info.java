/**
 * From the reports of nodes to sums by pod, workload, namespace and node, and the API that shows
 * them. A node's report replaces its last one: its counters only grow, and nothing is added up over
 * time here, so that a restart of the control plane loses nothing.
 */
@NullMarked
package dev.shunt.cluster.aggregate;

import org.jspecify.annotations.NullMarked;
