package dev.shunt.e2e.verify.cluster;

import java.util.ArrayList;
import java.util.List;

/** All steps, in their order. Stateless. */
final class ClusterSteps {
  private ClusterSteps() {}

  static List<ClusterStep> all() {
    List<ClusterStep> steps = new ArrayList<>();
    steps.addAll(BaseSteps.all());
    steps.addAll(ChartSteps.all());
    steps.addAll(OutageSteps.all());
    steps.addAll(ReleaseSteps.all());
    return steps;
  }
}
