package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.CgroupTree;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a node covers, and where its files are. Immutable.
 *
 * @param name unique on this host; that of its pins
 * @param directory removed with the place; the node makes a folder in it
 * @param cgroup that it covers
 * @param namespaces that it watches
 * @param policies the policy file of a namespace, by the namespace's name
 */
public record NodePlace(
    String name,
    Path directory,
    CgroupTree cgroup,
    List<String> namespaces,
    UnaryOperator<String> policies) {
  public NodePlace {
    namespaces = List.copyOf(namespaces);
  }
}
