package dev.shunt.e2e.verify.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.Json;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SoakReportTest {
  private static final Gauge FLAT = gauge(LongStream.range(0, 60).map(i -> 1000 + i % 7));
  private static final Gauge GROWS = gauge(LongStream.range(0, 60).map(i -> 1000 + 20 * i));

  private static Gauge gauge(LongStream values) {
    return new Gauge("rss_kib", 100, values.boxed().toList());
  }

  @Test
  void leaks_steadyGrowth_isSeen() {
    assertThat(GROWS.leaks()).isTrue();
    assertThat(FLAT.leaks()).isFalse();
  }

  @Test
  void leaks_warmUpThenFlat_isNone() {
    assertThat(gauge(LongStream.range(0, 60).map(i -> i < 6 ? 10 : 2000)).leaks()).isFalse();
  }

  @Test
  void leaks_growthWithinTheSlack_isNone() {
    assertThat(gauge(LongStream.range(0, 60).map(i -> 10 + i)).leaks()).isFalse();
  }

  private static SoakReport.Traffic traffic(long bytes, double perSecond, long faults) {
    return new SoakReport.Traffic(bytes, 2, perSecond, 3, faults);
  }

  @Test
  void passed_leakOrFaultOrTooLittleDone_isNoPass() {
    assertThat(new SoakReport(1, List.of(FLAT), traffic(1, 99.8, 0)).passed()).isTrue();
    assertThat(new SoakReport(1, List.of(FLAT, GROWS), traffic(1, 99.8, 0)).passed()).isFalse();
    assertThat(new SoakReport(1, List.of(FLAT), traffic(1, 99.8, 1)).passed()).isFalse();
    assertThat(new SoakReport(1, List.of(FLAT), traffic(0, 99.8, 0)).passed()).isFalse();
    assertThat(new SoakReport(1, List.of(FLAT), traffic(1, 90, 0)).passed()).isFalse();
  }

  @Test
  void document_ofASoak_hasTheDocumentedKeys() {
    assertThat(Json.pretty(new SoakReport(1.5, List.of(FLAT), traffic(1, 99.5, 0)).document()))
        .contains("\"minutes\": 1.5", "\"gauges\"", "\"early\"", "\"late\"", "\"leaks\": false")
        .contains("\"samples\"", "\"passed\": true", "\"connections\": 2", "\"faults\": 0")
        .contains("\"connections_per_second\": 99.5", "\"pods\": 3");
  }

  @Test
  void text_tooFewConnections_saysSo() {
    assertThat(new SoakReport(1, List.of(FLAT), traffic(1, 42, 0)).text())
        .contains("42 new ones a second; too few, 100 wanted", "3 pods, 0 faults: failed");
  }
}
