package dev.shunt.e2e.verify.cluster;

import java.util.ArrayList;
import java.util.List;

/** All steps, in their order. Stateless. */
final class ClusterSteps {
  private ClusterSteps() {}

  /** Takes rights away instead of using them. */
  static List<ClusterStep> ofRights() {
    List<ClusterStep> steps = new ArrayList<>(List.of(BaseSteps.up(), BaseSteps.pods()));
    steps.add(new ClusterStep("helm_install", "helm install --wait", ChartSteps::installOne));
    steps.addAll(RightsSteps.all());
    return steps;
  }

  static List<ClusterStep> all() {
    List<ClusterStep> steps = new ArrayList<>();
    steps.addAll(BaseSteps.all());
    steps.addAll(ChartSteps.all());
    steps.addAll(FollowSteps.all());
    steps.addAll(SecuritySteps.all());
    steps.addAll(OutageSteps.all());
    steps.addAll(ReleaseSteps.all());
    return steps;
  }
}
