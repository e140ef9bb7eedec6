package dev.shunt.publish.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.Samples;
import dev.shunt.v1.GetStatsResponse;
import org.junit.jupiter.api.Test;

class StatsMessagesTest {
  @Test
  void stats_incidents_eachInItsField() {
    GetStatsResponse stats = StatsMessages.stats(Samples.stats(1));

    assertThat(stats.getPairsExpired()).isEqualTo(11);
    assertThat(stats.getStorageFailed()).isEqualTo(12);
    assertThat(stats.getOptionsExcluded()).isEqualTo(13);
    assertThat(stats.getStuckResets()).isEqualTo(14);
    assertThat(stats.getTraitsLost()).isEqualTo(15);
  }
}
