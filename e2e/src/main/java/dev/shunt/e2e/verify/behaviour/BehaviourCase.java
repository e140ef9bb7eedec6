package dev.shunt.e2e.verify.behaviour;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One behaviour that an application can observe, run once on plain TCP and once accelerated for
 * each of its variants. Called by one thread; {@link #observe} may block for minutes.
 */
public interface BehaviourCase {
  /** What {@code --case} takes: lower-case letters, digits, underscores. */
  String name();

  /** What it observes, in a few words. */
  String summary();

  /** In which it runs unless told otherwise, e.g. {@code v4/nonblock/loopback}; not empty. */
  List<String> variants();

  /** Whether {@code --variant} may ask for it; more may be possible than run by default. */
  default boolean hasVariant(String variant) {
    return variants().contains(variant);
  }

  /** What has to happen to the bytes when the variant runs accelerated. */
  Expectation expectation(String variant);

  /**
   * The reasons of which one has to be the first when nothing is redirected, in lower case, e.g.
   * {@code blocking_reader}; empty when any is right.
   */
  default Set<String> reasons(String variant) {
    return Set.of();
  }

  /**
   * Runs the variant to its end, with every process in the stage's cgroup.
   *
   * @return only facts that plain TCP repeats on every run: they are compared
   * @throws dev.shunt.e2e.scene.SceneException when there is nothing to observe
   */
  Observations observe(String variant, CaseStage stage);

  /**
   * Whether differences are those that docs/compatibility.md names.
   *
   * @param differences {@code key: plain / accelerated}, not empty
   * @return what the documentation says, or empty when one of them is not known
   */
  default Optional<String> deviation(List<String> differences) {
    return Optional.empty();
  }
}
