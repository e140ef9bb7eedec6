package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.bench.BenchCell;
import dev.shunt.e2e.bench.CellRun;
import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.bench.Variant;
import java.util.LinkedHashSet;
import java.util.Set;

/** A cell between two processes. Immutable; its runs share the stage's places. */
public final class SocketCell implements BenchCell {
  /** Longer runs for many connections, whose set-up is not what the cell measures. */
  private static final int CONNECTIONS_PER_MILLI = 2;

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
    @Override
    public Sample drive(Variant variant, int millis) {
      LoadPlace place = stage.place(variant);
      int length = millis + plan.connections() / CONNECTIONS_PER_MILLI;
      return variant.kind() == Variant.Kind.UNIX
          ? place.driveUnix(plan, length)
          : place.drive(plan, length, stage.cover(variant));
    }

    /** The places are the stage's. */
    @Override
    public void close() {}
  }
}
