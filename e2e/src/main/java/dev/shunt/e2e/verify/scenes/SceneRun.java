package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.bench.CellResult;
import dev.shunt.e2e.bench.Round;
import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.bench.Variant;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneUnavailableException;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.scenes.CoveredScene.Cover;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds a scene twice and compares. One thread; used once. */
final class SceneRun {
  private static final int RUN_MILLIS = 600;
  private static final int METER_MILLIS = 2500;

  private final SceneShape shape;
  private final int rounds;

  /**
   * Prepares a run.
   *
   * @param rounds of plain, accelerated, plain; 0: the gain is not measured
   */
  SceneRun(SceneShape shape, int rounds) {
    this.shape = shape;
    this.rounds = rounds;
  }

  /**
   * Runs it; what goes wrong becomes the row's verdict.
   *
   * @param registered closes the scene should the run be cut off
   */
  SceneRow row(Teardown registered) {
    String name = SceneName.fresh("scene").toString();
    try (Teardown teardown = registered.add(new Teardown())) {
      CoveredScene plain = CoveredScene.create(teardown, name + "-plain", shape, Cover.NOTHING);
      CoveredScene fast = CoveredScene.create(teardown, name + "-fast", shape, Cover.NODE);
      return compare(plain, fast);
    } catch (SceneUnavailableException e) {
      return SceneRow.impossible(shape, String.valueOf(e.getMessage()));
    } catch (SceneException e) {
      return SceneRow.failed(shape, String.valueOf(e.getMessage()));
    }
  }

  /** Measures first: what the conversation makes a node learn of a program is not for load. */
  private SceneRow compare(CoveredScene plain, CoveredScene fast) {
    requirePlain(plain);
    List<HopRow> hops = HopMeter.measure(fast, METER_MILLIS);
    Optional<CellResult> gain = rounds == 0 ? Optional.empty() : Optional.of(gain(plain, fast));
    Map<String, String> expected = observe(plain);
    long redirectedBefore = fast.stats().bytesRedirected();
    Map<String, String> actual = observe(fast);
    List<String> differences = new ArrayList<>(Differences.between(expected, actual));
    if (fast.stats().bytesRedirected() == redirectedBefore) {
      differences.add("nothing was redirected while the behaviour was observed");
    }
    return new SceneRow(
        shape,
        differences.isEmpty() ? SceneRow.Verdict.EQUAL : SceneRow.Verdict.DIFFERENT,
        "",
        differences,
        actual.size(),
        hops,
        gain);
  }

  private static Map<String, String> observe(CoveredScene scene) {
    long before = scene.bed().resets();
    Map<String, String> seen = scene.observe();
    seen.put(Differences.RESETS, Long.toString(scene.bed().resets() - before));
    return seen;
  }

  /**
   * Else something on this host accelerates what plain TCP is to be seen on. As long as the other
   * one is metered for: a JVM gets faster while it runs.
   */
  private static void requirePlain(CoveredScene plain) {
    List<Topology.Hop> hops = plain.bed().shape().topology().hops();
    List<Long> before = hops.stream().map(plain.bed()::deviceBytes).toList();
    long expected = plain.run(METER_MILLIS).requests() * HttpApp.LOAD_BODY_BYTES;
    for (int i = 0; i < hops.size(); i++) {
      if (plain.bed().deviceBytes(hops.get(i)) - before.get(i) < expected) {
        throw new SceneException(
            "observe plain TCP failed: the bytes of "
                + hops.get(i).title()
                + " do not cross its device; stop other nodes of this host (shunt mode off) and run"
                + " again");
      }
    }
  }

  private CellResult gain(CoveredScene plain, CoveredScene fast) {
    List<Round> measured = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      Sample before = plain.drive(RUN_MILLIS);
      Sample accelerated = fast.drive(RUN_MILLIS);
      Sample after = plain.drive(RUN_MILLIS);
      measured.add(new Round(before, after, Map.of(Variant.SHUNT, accelerated)));
    }
    return new CellResult(shape.name(), Variant.SHUNT, measured);
  }
}
