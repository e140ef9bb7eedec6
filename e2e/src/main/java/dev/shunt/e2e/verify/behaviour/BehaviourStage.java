package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Two equal beds, one plain and one with a node, on which cases are compared. One thread; {@link
 * #close} also from a shutdown hook.
 */
final class BehaviourStage implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final PeerBed plain;
  private final PeerBed accelerated;
  private final NodeHost node;
  private HostStats before = new HostStats(0, 0, Map.of(), Map.of());

  private BehaviourStage(Teardown registered, ShuntProgram program) {
    plain = teardown.add(PeerBed.make("plain"));
    accelerated = teardown.add(PeerBed.make("fast"));
    node = teardown.add(new NodeHost(accelerated, program));
    registered.add(this);
  }

  /**
   * Makes the beds and starts the node.
   *
   * @param teardown gets to know the stage before anything can fail
   * @throws SceneException when this host cannot have it
   */
  static BehaviourStage open(Teardown teardown) {
    return open(teardown, ShuntProgram.thisBuild());
  }

  /** As the other one, with a node of another build. */
  static BehaviourStage open(Teardown teardown, ShuntProgram program) {
    BehaviourStage stage = new BehaviourStage(teardown, program);
    stage.node.start();
    stage.before = stage.node.stats();
    return stage;
  }

  /** For what a case has to build first; removed with the stage. */
  Path directory() {
    return plain.directory();
  }

  PeerBed plainBed() {
    return plain;
  }

  PeerBed acceleratedBed() {
    return accelerated;
  }

  NodeHost node() {
    return node;
  }

  /** Runs a variant on both beds and judges what was observed. */
  CaseRow compare(BehaviourCase each, String variant) {
    try {
      Observations expected = plain.run(stage -> each.observe(variant, stage));
      Observations actual = accelerated.run(stage -> each.observe(variant, stage));
      HostStats after = node.stats();
      HostStats during = after.since(before);
      before = after;
      return new CaseJudgement(each, variant).row(expected, actual, during);
    } catch (SceneException e) {
      return CaseJudgement.failed(each, variant, e);
    }
  }

  /** Every case that this build knows, in the order of the table. */
  List<BehaviourCase> cases() {
    List<BehaviourCase> cases = new ArrayList<>();
    for (CaseProvider provider : ServiceLoader.load(CaseProvider.class)) {
      cases.addAll(provider.cases(directory()));
    }
    return cases;
  }

  @Override
  public void close() {
    teardown.close();
  }
}
