package dev.shunt.e2e.verify.programs;

import dev.shunt.e2e.verify.behaviour.Expectation;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a case of a real program does and what has to become of its bytes. Immutable.
 *
 * @param name what {@code --case} takes; its first word names the program, by which the launcher
 *     knows what to install
 * @param summary what it observes, in a few words
 * @param fate what has to become of its bytes
 * @param routes where its client runs
 * @param body starts servers and clients
 */
record Scenario(
    String name, String summary, Fate fate, List<Route> routes, Consumer<ProgramRun> body) {

  /** Where the client of a case runs. */
  enum Route {
    /** In the server's network namespace, over lo. */
    LOOPBACK,
    /** In a network namespace of its own, over veth. */
    CROSS
  }

  /**
   * What has to become of the bytes of a case.
   *
   * @param expectation redirected or not
   * @param reasons on TCP: the reasons that the node may name first; empty for any
   */
  record Fate(Expectation expectation, Set<String> reasons) {
    /** Bytes are redirected. */
    static final Fate REDIRECTED = new Fate(Expectation.REDIRECTED, Set.of());

    /** Some may be, before the program shows the trait that keeps it on TCP. */
    static final Fate UNTIL_TRAIT = new Fate(Expectation.EITHER, Set.of("workload_trait"));

    /** Some may be, at moments when its readers do not block. */
    static final Fate BETWEEN_BLOCKING_READS =
        new Fate(Expectation.EITHER, Set.of("blocking_reader"));

    /** Nothing is, for one of these reasons. */
    static Fate onTcp(String... reasons) {
      return new Fate(Expectation.ON_TCP, Set.of(reasons));
    }
  }

  /** Over loopback only. */
  static Scenario local(String name, String summary, Fate fate, Consumer<ProgramRun> body) {
    return new Scenario(name, summary, fate, List.of(Route.LOOPBACK), body);
  }

  /** Over loopback and between two network namespaces. */
  static Scenario everywhere(String name, String summary, Fate fate, Consumer<ProgramRun> body) {
    return new Scenario(name, summary, fate, List.of(Route.values()), body);
  }
}
