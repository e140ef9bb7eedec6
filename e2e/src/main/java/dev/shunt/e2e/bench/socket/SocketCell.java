package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.bench.BenchCell;
import dev.shunt.e2e.bench.CellRun;
import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.bench.Variant;
import dev.shunt.e2e.scene.Teardown;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A cell between two processes. Immutable; its runs share the stage's places. */
public final class SocketCell implements BenchCell {
  private static final int ROUNDS = 21;

  /**
   * Short: what disturbs a machine comes and goes within a second, and then meets plain TCP and the
   * variant alike.
   */
  private static final int RUN_MILLIS = 50;

  /** Longer when each connection would get a few turns only. */
  private static final int CONNECTIONS_PER_MILLI = 10;

  private final LoadPlan plan;
  private final SocketStage stage;

  /** Prepares a cell; nothing is made yet. */
  public SocketCell(LoadPlan plan, SocketStage stage) {
    this.plan = plan;
    this.stage = stage;
  }

  @Override
  public String name() {
    return plan.name();
  }

  @Override
  public int rounds() {
    return ROUNDS;
  }

  /** A Unix socket is a bound for what stays on loopback. */
  @Override
  public Set<Variant> variants(Set<Variant> wanted) {
    Set<Variant> variants = new LinkedHashSet<>(wanted);
    if (plan.path() != LoadPath.LOOPBACK) {
      variants.remove(Variant.UNIX);
    }
    return variants;
  }

  @Override
  public CellRun open(Set<Variant> variants) {
    variants.forEach(stage::place);
    return new Run();
  }

  private final class Run implements CellRun {
    private final Teardown teardown = new Teardown();
    private final Map<Variant, LoadDriver> drivers = new HashMap<>();

    @Override
    public Sample drive(Variant variant) {
      return drivers
          .computeIfAbsent(variant, this::driver)
          .drive(RUN_MILLIS + plan.connections() / CONNECTIONS_PER_MILLI);
    }

    private LoadDriver driver(Variant variant) {
      LoadPlace place = stage.place(variant);
      return teardown.add(
          variant.kind() == Variant.Kind.UNIX
              ? place.driverOfUnix(plan)
              : place.driver(plan, stage.cover(variant)));
    }

    /** The places are the stage's. */
    @Override
    public void close() {
      teardown.close();
    }
  }
}
