package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class DemoDocumentTest {
  private static final DemoReport REPORT =
      new DemoReport(
          new DemoOptions(1, 4, 16, 1024),
          List.of(
              new DemoRound(
                  new RunSample(80_000, 4_000_000, 700, 1500, 6_400_000, 7_200_000, 337_920_000),
                  new RunSample(160_000, 4_000_000, 350, 900, 6_400_000, 7_200_000, 160_000))),
          new NodeStats(9_900, 90, 11, 2, Map.of("too_young", new ReasonCount(48, 0))),
          100);

  @Test
  void of_report_holdsTheContractOfScripts() {
    Map<String, Object> document = DemoDocument.of(REPORT);

    assertThat(document)
        .containsEntry("ratio_requests", 2.0)
        .containsEntry("ratio_p50", 0.5)
        .containsEntry("ratio_cpu", 0.5)
        .containsEntry("bytes_redirected", 9_900L)
        .containsEntry("bytes_passed", 90L)
        .containsEntry("share_redirected", 0.99)
        .containsEntry("reasons", Map.of("too_young", Map.of("connections", 48L, "messages", 0L)));
    assertThat(document.get("plain"))
        .isEqualTo(
            Map.of(
                "requests_per_second", 20_000.0,
                "p50_us", 700.0,
                "p99_us", 1500.0,
                "cpu_us_per_request", 80.0,
                "machine_cpu_us_per_request", 90.0,
                "device_bytes_per_request", 4224.0));
    assertThat(document.get("rounds")).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
  }

  @Test
  void of_report_isTheSameAsJsonAndYaml() {
    Map<String, Object> document = DemoDocument.of(REPORT);

    Object parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(JsonText.of(document));

    assertThat(parsed).isInstanceOf(Map.class);
    assertThat(new Yaml().dump(parsed)).contains("ratio_requests: 2.0", "rounds:");
  }
}
