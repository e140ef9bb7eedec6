package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrkResultTest {
  private static final String OUTPUT =
      """
      Running 4s test @ http://10.83.17.12:8080/body
        1 threads and 16 connections
      shunt-report requests=80000 duration_us=4000000 bytes=101600000 errors=2 p50_us=731 p99_us=1407
      shunt-cdf 600 1407.5
      """;

  @Test
  void parse_reportLine_givesExactNumbers() {
    WrkResult result = WrkResult.parse(OUTPUT);

    assertThat(result)
        .isEqualTo(new WrkResult(80000, 4000000, 101600000, 2, 731, 1407, List.of(600.0, 1407.5)));
    assertThat(result.requestsPerSecond()).isEqualTo(20000.0);
  }

  @Test
  void parse_noReportLine_refuses() {
    assertThatThrownBy(() -> WrkResult.parse("unable to connect to 10.83.17.12:8080"))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("no line starts with shunt-report");
  }

  @Test
  void parse_missingField_namesIt() {
    assertThatThrownBy(() -> WrkResult.parse("shunt-report requests=1 duration_us=1 bytes=1"))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("no field errors");
  }

  @Test
  void parse_fieldNotANumber_showsTheLine() {
    assertThatThrownBy(() -> WrkResult.parse("shunt-report requests=nan"))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("requests=nan");
  }
}
