package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReloadScheduleTest {
  private static final long START = Long.parseLong("9223372036854774807"); // wraps after 1,000

  private final ReloadSchedule schedule = new ReloadSchedule(5000, 100, START);

  @Test
  void rescanDue_atStartAndAfterTheInterval() {
    assertThat(schedule.rescanDue(START)).isTrue();
    schedule.rescanned(START);

    assertThat(schedule.rescanDue(START + 4999)).isFalse();
    assertThat(schedule.waitNanos(START + 4000)).isEqualTo(1000);
    assertThat(schedule.rescanDue(START + 5000)).isTrue();
    assertThat(schedule.waitNanos(START + 6000)).isZero();
  }

  @Test
  void loadDue_untouched_never() {
    assertThat(schedule.loadDue(START + 1_000_000)).isFalse();
  }

  @Test
  void loadDue_touched_onceQuiet() {
    schedule.rescanned(START);
    schedule.touched(START + 10);
    schedule.touched(START + 60);

    assertThat(schedule.loadDue(START + 159)).isFalse();
    assertThat(schedule.waitNanos(START + 100)).isEqualTo(60);
    assertThat(schedule.loadDue(START + 160)).isTrue();

    schedule.loaded();
    assertThat(schedule.loadDue(START + 160)).isFalse();
  }

  @Test
  void loadDue_foundAgainByRescan_notPutOff() {
    schedule.found(START);
    schedule.found(START + 99);

    assertThat(schedule.loadDue(START + 100)).isTrue();
  }

  @Test
  void loadDue_touchedAllTheTime_notPutOffForEver() {
    for (int after = 0; after <= 990; after += 90) {
      assertThat(schedule.loadDue(START + after)).isFalse();
      schedule.touched(START + after);
    }

    assertThat(schedule.loadDue(START + 1000)).isTrue();
  }
}
