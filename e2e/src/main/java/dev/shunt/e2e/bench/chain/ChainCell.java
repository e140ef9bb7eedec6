package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.bench.BenchCell;
import dev.shunt.e2e.bench.CellRun;
import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.bench.Variant;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.Teardown;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A cell in which every request crosses two proxies. Immutable. */
public final class ChainCell implements BenchCell {
  private static final int ROUNDS = 7;
  private static final int RUN_MILLIS = 600;

  /** Longer for many connections, which a busy machine takes its time to open. */
  private static final int MILLIS_PER_CONNECTION = 4;

  private final ChainShape shape;
  private final Set<Variant.Kind> kinds;

  /**
   * Describes a cell; nothing is made yet.
   *
   * @param kinds of variants that are worth measuring, if they are wanted
   */
  ChainCell(ChainShape shape, Set<Variant.Kind> kinds) {
    this.shape = shape;
    this.kinds = Set.copyOf(kinds);
  }

  @Override
  public String name() {
    return shape.name();
  }

  @Override
  public int rounds() {
    return ROUNDS;
  }

  @Override
  public Set<Variant> variants(Set<Variant> wanted) {
    return wanted.stream()
        .filter(variant -> kinds.contains(variant.kind()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Override
  public CellRun open(Set<Variant> variants) {
    return new Run(shape, variants);
  }

  /** One chain per variant. */
  static final class Run implements CellRun {
    private final ChainShape shape;
    private final Teardown teardown = new Teardown();
    private final Map<Variant, CoveredChain> chains = new LinkedHashMap<>();

    Run(ChainShape shape, Set<Variant> variants) {
      this.shape = shape;
      String name = SceneName.fresh("chain").toString();
      try {
        for (Variant variant : variants) {
          chains.put(variant, teardown.add(CoveredChain.create(name, shape, variant)));
        }
        chains.values().forEach(CoveredChain::awaitReady);
      } catch (RuntimeException e) {
        teardown.close();
        throw e;
      }
    }

    @Override
    public Sample drive(Variant variant) {
      return chain(variant).drive(RUN_MILLIS + MILLIS_PER_CONNECTION * shape.connections());
    }

    /** The chain of a variant that the run was opened with. */
    CoveredChain chain(Variant variant) {
      CoveredChain chain = chains.get(variant);
      if (chain == null) {
        throw new IllegalArgumentException(
            "variant: " + variant + " (expected: one of those open)");
      }
      return chain;
    }

    @Override
    public void close() {
      teardown.close();
    }
  }
}
