package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.bench.Variant;
import dev.shunt.e2e.demo.NodePlan;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.Teardown;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One place per variant, made when the first cell asks for it and used by all. One thread; {@link
 * #close} also from a shutdown hook.
 */
public final class SocketStage implements AutoCloseable {
  private final SceneName name = SceneName.fresh("bench");
  private final List<Comparison> comparisons;
  private final Teardown teardown = new Teardown();
  private final Map<Variant, LoadPlace> places = new HashMap<>();
  private final Map<Variant, Cover> covers = new HashMap<>();

  /** Prepares a stage; nothing is made yet. */
  public SocketStage(List<Comparison> comparisons) {
    this.comparisons = List.copyOf(comparisons);
  }

  /** The place of a variant, ready for load. */
  LoadPlace place(Variant variant) {
    LoadPlace known = places.get(variant);
    if (known != null) {
      return known;
    }
    String unique = name + "-" + variant;
    CgroupTree root = teardown.add(CgroupTree.create(unique));
    SceneDirectory directory = teardown.add(SceneDirectory.create(unique));
    LoadProgram program = LoadProgram.build(directory.path());
    LoadPlace place =
        teardown.add(LoadPlace.create(unique, root.child("load"), directory, program));
    Cover cover = teardown.add(cover(variant, unique, root, place, directory));
    cover.awaitReady();
    places.put(variant, place);
    covers.put(variant, cover);
    return place;
  }

  /** What covers the place of a variant. */
  Cover cover(Variant variant) {
    return covers.getOrDefault(variant, Cover.NONE);
  }

  private Cover cover(
      Variant variant, String unique, CgroupTree root, LoadPlace place, SceneDirectory directory) {
    return switch (variant.kind()) {
      case PLAIN, UNIX -> Cover.NONE;
      case SHUNT -> node(unique, "accelerate", root, place, directory);
      case OBSERVE -> node(unique, "observe", root, place, directory);
      case THIRD_PARTY ->
          comparisons.stream()
              .filter(each -> each.variant().equals(variant))
              .findFirst()
              .orElseThrow()
              .attach(place.cgroup().path());
    };
  }

  private static Cover node(
      String unique, String mode, CgroupTree root, LoadPlace place, SceneDirectory directory) {
    return NodeCover.start(
        new NodePlan(
            unique, place.cgroup(), place.namespaces(), root.child("node"), directory, mode));
  }

  @Override
  public void close() {
    teardown.close();
  }
}
