/**
 * A kubelet for tests: runs the Pods that the real scheduler binds to its node as real processes,
 * without a container runtime and without images.
 *
 * <ol>
 *   <li>{@link dev.shunt.e2e.cluster.kubelet.TestKubelet} registers the node, renews its lease and
 *       watches its Pods; each gets a {@code PodWorker} with a thread of its own.
 *   <li>{@code PodSandbox} makes the Pod's network namespace and its cgroup, {@code PodVolumes}
 *       what its containers mount.
 *   <li>{@code ContainerLife} starts a container through {@code ContainerCommand}, restarts it, and
 *       hears from its {@code ProbeLoop}s.
 *   <li>{@code PodReport} makes the status of it, which the worker writes when it changed.
 * </ol>
 *
 * <p>docs/cluster-tests.md says what it does not do.
 */
@NullMarked
package dev.shunt.e2e.cluster.kubelet;

import org.jspecify.annotations.NullMarked;
