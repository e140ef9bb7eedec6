package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.HttpExchange.Side;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.publish.grpc.Await;
import java.util.List;

/** What a reader was told of requests, to be compared with an access log. Stateless. */
final class HttpRows {
  private HttpRows() {}

  static List<TraceEvent.Http> of(CollectingSink sink, Side side) {
    return sink.all(TraceEvent.Http.class).stream()
        .filter(row -> row.exchange().side() == side)
        .toList();
  }

  static List<String> lines(CollectingSink sink, Side side) {
    return of(sink, side).stream().map(row -> line(row.exchange())).toList();
  }

  /** As the access log has it. */
  private static String line(HttpExchange exchange) {
    String protocol =
        switch (exchange.protocol()) {
          case HTTP_1_0 -> "HTTP/1.0";
          case HTTP_1_1 -> "HTTP/1.1";
          case HTTP_2, GRPC -> "HTTP/2.0";
        };
    return "%s %s %d %s"
        .formatted(
            exchange.request().method(),
            exchange.request().path(),
            exchange.answer().status(),
            protocol);
  }

  /** Both ends have told all of the log, and nothing else. */
  static void assertTruth(CollectingSink sink, NginxTruth nginx, int requests) {
    Await.until("rows", () -> sink.all(TraceEvent.Http.class).size() >= 2 * requests);
    Await.until(
        "the access log, which comes after the response", () -> nginx.log().size() >= requests);
    assertThat(nginx.log()).hasSize(requests);
    assertThat(lines(sink, Side.SERVER)).containsExactlyInAnyOrderElementsOf(nginx.log());
    assertThat(lines(sink, Side.CLIENT)).containsExactlyInAnyOrderElementsOf(nginx.log());
    assertThat(missing(sink.lastTotals())).isZero();
  }

  /** Whatever was not told, and why. */
  static long missing(TraceEvent.Totals totals) {
    return totals.lost() + totals.shed() + totals.untracked() + totals.unread() + totals.skipped();
  }
}
