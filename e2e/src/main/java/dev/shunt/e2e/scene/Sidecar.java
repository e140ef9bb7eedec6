package dev.shunt.e2e.scene;

/**
 * A proxy beside a pod's application, with one outbound and one inbound listener, one worker
 * thread, keep-alive on both sides. One thread; {@link #close} stops it, also from a shutdown hook.
 */
public interface Sidecar extends AutoCloseable {
  /** Istio's proxy user, port of captured outbound and port of captured inbound traffic. */
  int UID = 1337;

  int OUTBOUND_PORT = 15001;
  int INBOUND_PORT = 15006;

  /**
   * Waits until both listeners are there.
   *
   * @throws SceneException when it ends first or takes too long
   */
  void awaitReady();

  /** The proxy's process. */
  SceneProcess process();

  @Override
  void close();
}
