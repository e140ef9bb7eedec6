package dev.shunt.desired.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryTest {
  private static final int MANY = 2000;

  /** Moves only when the hash does, which would shuffle every running canary. */
  private static final int PLACE_OF_WEB = 24;

  /** Names as they come: alike but for the last letters. */
  private static List<Workload> workloads() {
    return IntStream.range(0, MANY).mapToObj(i -> new Workload("Deployment", "web-" + i)).toList();
  }

  @Test
  void includes_share_takesAboutThatShare() {
    for (int percent : new int[] {1, 10, 50, 90}) {
      Canary canary = new Canary(percent);
      long taken = workloads().stream().filter(w -> canary.includes("shop", w)).count();
      assertThat(100.0 * taken / MANY).as("%d %%", percent).isBetween(percent - 3.0, percent + 3.0);
    }
  }

  @Test
  void includes_largerShare_keepsWhatTheSmallerOneHad() {
    for (Workload workload : workloads()) {
      int place = Canary.place("shop", workload);
      assertThat(place).isBetween(0, 99);
      assertThat(new Canary(place).includes("shop", workload)).isFalse();
      assertThat(new Canary(place + 1).includes("shop", workload)).isTrue();
    }
  }

  @Test
  void place_sameNames_isTheSameEverywhereAndAlways() {
    assertThat(Canary.place("shop", new Workload("Deployment", "web"))).isEqualTo(PLACE_OF_WEB);
    assertThat(Canary.ALL.includes("shop", new Workload("Deployment", "web"))).isTrue();
    assertThat(new Canary(0).includes("shop", new Workload("Deployment", "web"))).isFalse();
  }

  @Test
  void percent_outOfBounds_isRefused() {
    assertThatThrownBy(() -> new Canary(101)).hasMessage("canary percent: 101 (expected: 0..100)");
    assertThatThrownBy(() -> new Canary(-1)).hasMessage("canary percent: -1 (expected: 0..100)");
  }
}
