package dev.shunt.e2e.verify.behaviour;

import java.nio.file.Path;
import java.util.List;

/**
 * Adds cases to {@code shunt verify behaviour}; found by {@link java.util.ServiceLoader}. Main
 * thread; called once a run.
 */
public interface CaseProvider {
  /**
   * The cases, in the order of the table.
   *
   * @param directory private to the run and removed after it: for what has to be built first
   * @throws dev.shunt.e2e.scene.SceneUnavailableException when this host lacks what they need
   */
  List<BehaviourCase> cases(Path directory);
}
