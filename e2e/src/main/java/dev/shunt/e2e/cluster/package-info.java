/**
 * A real Kubernetes cluster on one machine: etcd, API server, controller manager and scheduler as
 * upstream builds them, and nodes whose kubelet is {@link dev.shunt.e2e.cluster.kubelet}.
 *
 * <ol>
 *   <li>{@link dev.shunt.e2e.cluster.KubernetesProgram} and {@link
 *       dev.shunt.e2e.cluster.ClusterTools} bring the programs, once.
 *   <li>{@link dev.shunt.e2e.cluster.ClusterNetwork} makes a namespace for the control plane and
 *       one for each node, and routes between them.
 *   <li>{@link dev.shunt.e2e.cluster.TestCluster} makes an authority, starts the parts and waits
 *       until they work.
 *   <li>{@link dev.shunt.e2e.cluster.ClusterNode} adds a node.
 * </ol>
 *
 * <p>Promises: nothing is reachable from outside the cluster's own network namespaces; everything
 * it makes bears its name, so that {@link dev.shunt.e2e.scene.SceneSweep} removes what a killed run
 * left; closing it stops every process by its id.
 */
@NullMarked
package dev.shunt.e2e.cluster;

import org.jspecify.annotations.NullMarked;
