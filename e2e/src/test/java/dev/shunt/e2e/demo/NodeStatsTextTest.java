package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.scene.SceneException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeStatsTextTest {
  @Test
  void parse_document_readsTotalsAndReasons() {
    NodeStats stats =
        NodeStatsText.parse(
            """
            {"bytes_redirected": 5000000000, "bytes_passed": 7, "messages_redirected": 3,
             "spills": 1, "reasons": {"too_young": {"connections": 48, "messages": 0}}}
            """);

    assertThat(stats)
        .isEqualTo(
            new NodeStats(5_000_000_000L, 7, 3, 1, Map.of("too_young", new ReasonCount(48, 0))));
  }

  @Test
  void parse_numbersAsStrings_areRead() {
    NodeStats stats =
        NodeStatsText.parse(
            """
            {"bytes_redirected": "5000000000", "bytes_passed": "0", "messages_redirected": "1",
             "spills": "0", "reasons": {}}
            """);

    assertThat(stats.bytesRedirected()).isEqualTo(5_000_000_000L);
  }

  @Test
  void parse_fieldMissing_namesIt() {
    assertThatThrownBy(() -> NodeStatsText.parse("{\"bytes_redirected\": 1}"))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("bytes_passed");
  }

  @Test
  void parse_notADocument_isRefused() {
    assertThatThrownBy(() -> NodeStatsText.parse("")).isInstanceOf(SceneException.class);
    assertThatThrownBy(() -> NodeStatsText.parse("{")).isInstanceOf(SceneException.class);
  }
}
