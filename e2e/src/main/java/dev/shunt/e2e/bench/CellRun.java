package dev.shunt.e2e.bench;

/**
 * An open cell. One thread drives it; {@link #close} removes what the cell made, also from a
 * shutdown hook.
 */
public interface CellRun extends AutoCloseable {
  /**
   * Drives one variant with fresh connections.
   *
   * @param millis length of the run
   * @throws dev.shunt.e2e.scene.SceneException an operation failed: such a run measures nothing
   */
  Sample drive(Variant variant, int millis);

  @Override
  void close();
}
