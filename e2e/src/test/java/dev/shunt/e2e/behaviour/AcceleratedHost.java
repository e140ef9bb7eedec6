package dev.shunt.e2e.behaviour;

import dev.shunt.e2e.scene.CgroupTree;
import java.util.List;

/**
 * A node that accelerates one cgroup in some network namespaces. One thread calls {@code start},
 * then the others; {@code close} drains it and waits for its end.
 */
interface AcceleratedHost extends AutoCloseable {
  /**
   * Starts the node and blocks until it is ready.
   *
   * @throws dev.shunt.e2e.scene.SceneException when it ends or is not ready in time
   */
  void start();

  /** The cgroup below which connections are accelerated. */
  CgroupTree cgroup();

  /** The network namespaces in which it adopts. */
  List<String> namespaces();

  /** Totals since the start, connections that have closed included. */
  HostStats stats();

  @Override
  void close();
}
