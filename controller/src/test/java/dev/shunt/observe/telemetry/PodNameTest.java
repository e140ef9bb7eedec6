package dev.shunt.observe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.trace.TraceEvent.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of network namespaces that are pods. */
class PodNameTest {
  @Test
  void place_ofAPod_hasItsNames() {
    assertThat(PodName.of(TraceEvents.CART)).contains(new PodName("shop", "cart-7d4b9-x2x1p"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "blue", "/run/netns/blue", "run/netns/blue", "cookie:17", ""})
  void place_ofNoPod_hasNone(String namespace) {
    assertThat(PodName.of(new Place(namespace, "", ""))).isEmpty();
  }
}
