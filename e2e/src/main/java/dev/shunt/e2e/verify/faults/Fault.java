package dev.shunt.e2e.verify.faults;

import java.util.Optional;

/**
 * Something that goes wrong. Immutable.
 *
 * @param name for {@code --case}
 * @param what happens, in one sentence
 * @param strike does it
 */
record Fault(String name, String what, Strike strike) {
  /** Lets the fault happen and waits until the node has dealt with it. */
  interface Strike {
    /**
     * Blocks until bytes are redirected again.
     *
     * @throws dev.shunt.e2e.scene.SceneException the node did not deal with it as it should
     */
    Outcome on(FaultStage stage);
  }

  /**
   * What came of it.
   *
   * @param message what a user saw, quoted; empty: nothing, because nothing was wrong for a user
   * @param recoveryMillis from the blow until bytes are redirected again; 0: they never ceased
   * @param paired what was measured with and without the fault, if it was
   */
  record Outcome(String message, long recoveryMillis, Optional<PairedLatency> paired) {
    Outcome(String message, long recoveryMillis) {
      this(message, recoveryMillis, Optional.empty());
    }
  }
}
