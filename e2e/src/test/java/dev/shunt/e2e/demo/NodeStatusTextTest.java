package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeStatusTextTest {
  @Test
  void refusal_modeAccelerate_isNone() {
    assertThat(NodeStatusText.refusal("{\"ready\": true, \"mode\": \"accelerate\"}")).isEmpty();
  }

  @Test
  void refusal_selfTestFailed_saysWhy() {
    assertThat(
            NodeStatusText.refusal(
                "{\"ready\": true, \"mode\": \"observe\", \"detail\": \"self-test order failed\"}"))
        .contains("self-test order failed");
  }

  @Test
  void refusal_noDetail_namesTheMode() {
    assertThat(NodeStatusText.refusal("{\"mode\": \"off\", \"detail\": \"\"}"))
        .contains("mode off");
  }
}
