package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.scene.SceneException;
import org.junit.jupiter.api.Test;

class ObservationsTest {
  private static final String DOCUMENT =
      "{\"case\":\"reset\",\"variant\":\"v4/nonblock\",\"observations\":{\"recv\":\"ECONNRESET\","
          + "\"order_ok\":true},\"timing\":{\"queued_bytes\":3863492},\"ok\":true,\"detail\":\"\"}";

  @Test
  void parse_document_keepsOrderAndValues() {
    Observations result = Observations.parse(DOCUMENT);

    assertThat(result.observations().keySet()).containsExactly("recv", "order_ok");
    assertThat(result.observations()).containsEntry("recv", "ECONNRESET");
    assertThat(result.timing()).containsEntry("queued_bytes", 3863492L);
    assertThat(result.ok()).isTrue();
  }

  @Test
  void parse_keyTwice_refused() {
    assertThatThrownBy(() -> Observations.parse(DOCUMENT.replace("order_ok", "recv")))
        .isInstanceOf(SceneException.class);
  }

  @Test
  void parse_noObject_refused() {
    assertThatThrownBy(() -> Observations.parse("[]")).isInstanceOf(SceneException.class);
  }

  @Test
  void differencesTo_otherErrnoAndMissingKey_bothNamed() {
    Observations plain = Observations.parse(DOCUMENT);
    Observations other =
        Observations.parse(DOCUMENT.replace("ECONNRESET", "0").replace(",\"order_ok\":true", ""));

    assertThat(plain.differencesTo(other))
        .containsExactly("order_ok: true / absent", "recv: ECONNRESET / 0");
  }

  @Test
  void differencesTo_timingOnly_none() {
    Observations other = Observations.parse(DOCUMENT.replace("3863492", "1"));

    assertThat(Observations.parse(DOCUMENT).differencesTo(other)).isEmpty();
  }
}
