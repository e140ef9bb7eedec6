package dev.shunt.e2e.bench;

/**
 * An open cell. One thread drives it; {@link #close} removes what the cell made, also from a
 * shutdown hook.
 */
public interface CellRun extends AutoCloseable {
  /**
   * Drives one variant for as long as suits the cell.
   *
   * @throws dev.shunt.e2e.scene.SceneException an operation failed: such a run measures nothing
   */
  Sample drive(Variant variant);

  @Override
  void close();
}
