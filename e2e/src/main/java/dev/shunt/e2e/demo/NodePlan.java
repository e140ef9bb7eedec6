package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import java.util.List;

/**
 * What a demo's node covers and where it keeps its things. Immutable.
 *
 * @param name name of the run; what the node makes on the host begins with it
 * @param covered cgroup that the node attaches to
 * @param namespaces network namespaces that the node attaches in
 * @param own cgroup that the node process itself runs in
 * @param directory the run's directory, for the node's socket, state, policies and log
 * @param mode {@code accelerate} or {@code observe}, as in a policy
 */
public record NodePlan(
    String name,
    CgroupTree covered,
    List<String> namespaces,
    CgroupTree own,
    SceneDirectory directory,
    String mode) {
  public NodePlan {
    namespaces = List.copyOf(namespaces);
  }
}
