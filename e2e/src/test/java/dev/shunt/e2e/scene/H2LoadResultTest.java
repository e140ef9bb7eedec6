package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class H2LoadResultTest {
  private static final String SUMMARY =
      """
      Main benchmark duration is over for thread #0. Stopping all clients.

      finished in 1.01s, 4000.00 req/s, 4.39MB/s
      requests: 4000 total, 4000 started, 4000 done, 4000 succeeded, 0 failed, 0 errored, 0 timeout
      status codes: 4000 2xx, 0 3xx, 0 4xx, 0 5xx
      traffic: 4.39MB (4604264) total, 425.78KB (436000) headers (space savings 39.11%), 3.91MB\
       (4096000) data
      """;

  @Test
  void parse_summaryAndLog_readsEveryField() {
    Stream<String> log = Stream.of("17\t200\t100", "18\t200\t200", "19\t200\t900", "20\t-1\t5000");

    H2LoadResult result = H2LoadResult.parse(SUMMARY, log);

    assertThat(result)
        .isEqualTo(new H2LoadResult(4000, 1_000_000, 4_096_000, 0, 200, 900, result.cdfMicros()));
    assertThat(result.cdfMicros()).hasSize(99).startsWith(100.0).endsWith(900.0);
    assertThat(result.requestsPerSecond()).isEqualTo(4000);
  }

  @Test
  void parse_responsesThatAreNot2xx_countsThemAsErrors() {
    String summary = SUMMARY.replace("codes: 4000 2xx, 0 3xx", "codes: 3990 2xx, 10 3xx");

    assertThat(H2LoadResult.parse(summary, Stream.empty()).errors()).isEqualTo(10);
  }

  @Test
  void parse_failedErroredTimedOutAndClosedEarly_countsThemAsErrors() {
    String summary =
        "Process Request Failure:1\n"
            + SUMMARY.replace("0 failed, 0 errored, 0 timeout", "1 failed, 2 errored, 3 timeout");

    assertThat(H2LoadResult.parse(summary, Stream.empty()).errors()).isEqualTo(7);
  }

  @Test
  void parse_noSummary_failsWithWhatIsMissing() {
    assertThatThrownBy(() -> H2LoadResult.parse("Could not connect", Stream.empty()))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("succeeded");
  }

  @Test
  void parse_logOfAnotherForm_failsWithTheLine() {
    assertThatThrownBy(() -> H2LoadResult.parse(SUMMARY, Stream.of("17 200 100")))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("17 200 100");
  }
}
