package dev.shunt.reconcile;

import java.util.ArrayList;
import java.util.List;

/**
 * Steps from the actual to the desired state, in the order of the package description.
 *
 * @param narrowing steps that come first
 * @param widening steps that wait for every narrowing one to succeed
 * @param pending parts that cannot be planned yet
 * @param unchanged rows that are as desired
 */
public record Plan(
    List<PlanStep> narrowing, List<PlanStep> widening, List<PendingName> pending, int unchanged) {
  /** Copies the lists. */
  public Plan {
    narrowing = List.copyOf(narrowing);
    widening = List.copyOf(widening);
    pending = List.copyOf(pending);
  }

  /** All steps in order; empty when the data path is as desired. */
  public List<PlanStep> steps() {
    List<PlanStep> steps = new ArrayList<>(narrowing);
    steps.addAll(widening);
    return List.copyOf(steps);
  }

  /** One line per step and per pending part. */
  public String text() {
    List<String> lines = new ArrayList<>();
    steps().forEach(step -> lines.add(step.text()));
    pending.forEach(name -> lines.add("pending " + name.text()));
    return lines.isEmpty() ? "nothing to do" : String.join("\n", lines);
  }
}
