package dev.shunt.observe;

import dev.shunt.observe.ConnectionQuery.Match;
import dev.shunt.observe.ConnectionVisitor.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      ConnectionQuery query, ConnectionSource source, Function<ConnectionView, PolicyFacts> facts) {
    List<ConnectionView> candidates = find(query, source);
    if (candidates.isEmpty()) {
      return new Explanation.NotFound();
    }
    if (candidates.size() > 1) {
      return new Explanation.Ambiguous(candidates);
    }
    ConnectionView connection = candidates.get(0);
    return explain(connection, findPeer(connection, source), facts.apply(connection));
  }

  /** Explains a connection whose other end, if known, is at hand. */
  public static Explanation.Found explain(
      ConnectionView connection, Optional<ConnectionView> peer, PolicyFacts facts) {
    Verdict verdict = Verdict.of(connection, peer, facts);
    return new Explanation.Found(
        connection, peer, StepList.of(connection, verdict), verdict.summary());
  }

  private static List<ConnectionView> find(ConnectionQuery query, ConnectionSource source) {
    List<ConnectionView> exact = new ArrayList<>();
    List<ConnectionView> weak = new ArrayList<>();
    source.walk(
        connection -> {
          Match match = query.match(connection);
          List<ConnectionView> hits = match == Match.EXACT ? exact : weak;
          if (match != Match.NO && hits.size() < ConnectionQuery.CANDIDATES_MAX) {
            hits.add(connection);
          }
          return Visit.CONTINUE;
        });
    return exact.isEmpty() ? weak : exact;
  }

  private static Optional<ConnectionView> findPeer(
      ConnectionView connection, ConnectionSource source) {
    List<ConnectionView> found = new ArrayList<>(1);
    long cookie = connection.peerCookie();
    if (cookie != 0) {
      source.walk(
          other -> {
            if (other.socket().cookie() != cookie) {
              return Visit.CONTINUE;
            }
            found.add(other);
            return Visit.STOP;
          });
    }
    return found.stream().findFirst();
  }
}
