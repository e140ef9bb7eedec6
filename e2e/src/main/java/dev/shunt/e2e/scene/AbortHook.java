package dev.shunt.e2e.scene;

/**
 * Undoes a run when a signal ends the process, from a shutdown hook. The thread that runs the scene
 * installs it before it makes anything and closes it when the run is over; the undo may run at the
 * same time as the scene.
 */
public final class AbortHook implements AutoCloseable {
  /** A scene that is being built makes a few more things after the first removal. */
  private static final int SWEEPS = 5;

  private final Thread hook;

  private AbortHook(Thread hook) {
    this.hook = hook;
  }

  /**
   * Installs the hook.
   *
   * @param run what is undone, for the thread's name
   * @param undo called at most once
   */
  public static AbortHook install(String run, Runnable undo) {
    Thread hook = new Thread(() -> abort(undo), run + "-abort");
    Runtime.getRuntime().addShutdownHook(hook);
    return new AbortHook(hook);
  }

  private static void abort(Runnable undo) {
    try {
      undo.run();
    } finally {
      for (int sweep = 0; sweep < SWEEPS && !SceneSweep.removeOwn().isEmpty(); sweep++) {
        Thread.onSpinWait();
      }
    }
  }

  /** Takes the hook back; without effect when a signal has started it. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // the hook runs already: a signal ended the run
    }
  }
}
