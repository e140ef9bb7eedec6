package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.ClusterNetwork.NodeNetwork;
import dev.shunt.e2e.cluster.NamespaceSockets;
import dev.shunt.e2e.cluster.kubelet.TestKubelet.Surroundings;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all Pods of a node share. Immutable; its parts may be used by any thread.
 *
 * @param settings where the kubelet works
 * @param network of the node
 * @param surroundings what it was given
 * @param program the built shunt-container
 * @param tools threads of its own
 */
record KubeletParts(
    KubeletSettings settings,
    NodeNetwork network,
    Surroundings surroundings,
    Path program,
    Tools tools) {
  /**
   * What the kubelet itself keeps.
   *
   * @param spawner starts processes
   * @param timers run probes and renew the lease
   * @param clock wall clock
   */
  record Tools(Spawner spawner, ScheduledExecutorService timers, Clock clock) {}

  CoreV1Api core() {
    return new CoreV1Api(surroundings.api());
  }

  NamespaceSockets sockets() {
    return surroundings.sockets();
  }

  Clock clock() {
    return tools.clock();
  }
}
