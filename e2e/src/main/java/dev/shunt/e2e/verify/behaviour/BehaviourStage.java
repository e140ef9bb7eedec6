package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.nio.file.Files;
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
  private int runs;

  private BehaviourStage(Teardown registered) {
    plain = teardown.add(PeerBed.make("plain"));
    accelerated = teardown.add(PeerBed.make("fast"));
    node = teardown.add(new NodeHost(accelerated));
    registered.add(this);
  }

  /**
   * Makes the beds and starts the node.
   *
   * @param teardown gets to know the stage before anything can fail
   * @throws SceneException when this host cannot have it
   */
  static BehaviourStage open(Teardown teardown) {
    BehaviourStage stage = new BehaviourStage(teardown);
    stage.node.start();
    stage.before = stage.node.stats();
    return stage;
  }

  /** For what a case has to build first; removed with the stage. */
  Path directory() {
    return plain.directory();
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
      Observations expected = observe(each, variant, plain);
      Observations actual = observe(each, variant, accelerated);
      HostStats after = node.stats();
      HostStats during = after.since(before);
      before = after;
      return new CaseJudgement(each, variant).row(expected, actual, during);
    } catch (SceneException e) {
      return CaseJudgement.failed(each, variant, e);
    }
  }

  /** Runs a variant on one bed, in a cgroup and a directory of its own. */
  Observations observe(BehaviourCase each, String variant, PeerBed bed) {
    String run = "run-" + runs++;
    Path directory = bed.directory().resolve(run);
    try (CgroupTree cgroup = bed.cgroup().child(run)) {
      Files.createDirectory(directory);
      return each.observe(variant, new CaseStage(bed, cgroup, directory));
    } catch (IOException e) {
      throw new SceneException("create directory " + directory + " failed: " + e, e);
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
