package dev.shunt.observe;

import java.util.function.Function;

/** Finds a connection and explains it. Stateless; pure but for the walk it is given. */
public final class Explainer {
  private Explainer() {}

  /**
   * Answers a query: at most two walks, one for the connection and one for its other end.
   *
   * @param query which connection
   * @param source of connections; walked on the caller's thread
   * @param facts about the place a connection lives in
   */
  public static Explanation explain(
      ConnectionQuery query,
      ConnectionSource source,
      Function<ConnectionView, PolicyFacts> facts) {
    return new Explanation.NotFound();
  }
}
