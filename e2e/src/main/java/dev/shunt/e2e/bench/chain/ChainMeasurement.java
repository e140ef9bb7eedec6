package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.demo.NodeStats;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.Teardown;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Builds the chains of one shape, drives them in rounds and removes them. One thread builds and
 * drives; {@link #close} also from a shutdown hook.
 */
final class ChainMeasurement implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final List<CoveredChain> chains = new ArrayList<>();
  private int rounds;

  private ChainMeasurement() {}

  /** Builds one chain per variant and waits until each can carry traffic. */
  static ChainMeasurement create(ChainShape shape, List<ChainVariant> variants) {
    ChainMeasurement measurement = new ChainMeasurement();
    try {
      String name = SceneName.fresh("chain").toString();
      for (ChainVariant variant : variants) {
        measurement.chains.add(measurement.teardown.add(CoveredChain.create(name, shape, variant)));
      }
      measurement.chains.forEach(CoveredChain::awaitReady);
      return measurement;
    } catch (RuntimeException e) {
      measurement.close();
      throw e;
    }
  }

  /** Drives every chain without keeping the figures. */
  void warmUp(int seconds) {
    chains.forEach(chain -> chain.warmUp(seconds));
  }

  /** Drives every chain once; the order turns from round to round. */
  ChainRound round(int seconds) {
    List<CoveredChain> order = new ArrayList<>(chains);
    Collections.rotate(order, rounds++);
    Map<ChainVariant, ChainRun> runs = new EnumMap<>(ChainVariant.class);
    order.forEach(chain -> runs.put(chain.variant(), chain.drive(seconds)));
    return new ChainRound(runs);
  }

  /** Totals of the accelerating node so far; empty when there is none. */
  Optional<NodeStats> stats() {
    return chains.stream()
        .filter(chain -> chain.variant() == ChainVariant.SHUNT)
        .findFirst()
        .flatMap(CoveredChain::stats);
  }

  /** As {@link #round}, some rounds, each told to {@code listener}. */
  List<ChainRound> rounds(int count, int seconds, Consumer<ChainRound> listener) {
    List<ChainRound> done = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      ChainRound round = round(seconds);
      listener.accept(round);
      done.add(round);
    }
    return done;
  }

  @Override
  public void close() {
    teardown.close();
  }
}
