package dev.shunt.e2e.bench.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Teardown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One round of the benchmark; its figures are not judged here. */
class FilterBenchIT {
  @Test
  void measure_oneRound_hasEveryCellAndEveryPacketMetARule() {
    List<String> said = new ArrayList<>();
    try (Teardown teardown = new Teardown()) {
      Map<String, Object> document =
          new FilterBenchSession(teardown, said::add).measure(1).document();

      assertThat((List<?>) document.get("cells")).hasSize(2 * 3 * 3);
      assertThat((List<?>) document.get("traffic")).hasSize(Lane.values().length * 5);
      assertThat(said).contains("traffic: round 1 of 1");
    }
  }
}
