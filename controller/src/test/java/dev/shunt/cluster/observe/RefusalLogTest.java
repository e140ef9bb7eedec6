package dev.shunt.cluster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** How often the log is told of refused calls. */
class RefusalLogTest {
  private Instant now = Instant.EPOCH;
  private final RefusalLog log =
      new RefusalLog(
          new Clock() {
            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });

  @Test
  void line_manyOfOneReason_firstAtOnceThenSums() {
    assertThat(log.line("expired"))
        .hasValueSatisfying(line -> assertThat(line).contains("calls: 1 "));
    assertThat(log.line("expired")).isEmpty();
    assertThat(log.line("expired")).isEmpty();

    now = now.plus(RefusalLog.PAUSE).plus(Duration.ofSeconds(1));

    assertThat(log.line("expired"))
        .contains("refused calls: 3 (expired); shunt_plane_refused_calls_total counts all");
  }

  @Test
  void line_anotherReason_toldAtOnce() {
    assertThat(log.line("expired")).isPresent();
    assertThat(log.line("malformed")).isPresent();
  }
}
