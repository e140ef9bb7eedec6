package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.OpenTrace;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows of seconds. */
class RowRateTest {
  private static final long SECOND = 1_000_000_000L;

  private final RowRate rate = new RowRate(new OpenTrace.Rates(3, 5));

  private long told(long cgroup, long nanos) {
    return IntStream.range(0, 10).filter(row -> rate.permits(cgroup, nanos)).count();
  }

  @Test
  void rows_ofASecond_areBoundedForEachCgroupAndAll() {
    assertThat(told(1, 7 * SECOND)).isEqualTo(3);
    assertThat(told(2, 7 * SECOND + 1)).isEqualTo(2);
    assertThat(told(3, 7 * SECOND + 2)).isZero();
    assertThat(rate.shed()).isEqualTo(25);
  }

  @Test
  void second_next_hasRoomAgain_andLateRowsTakeOfIt() {
    assertThat(told(1, 7 * SECOND)).isEqualTo(3);
    assertThat(rate.permits(1, 8 * SECOND)).isTrue();
    assertThat(told(1, 7 * SECOND)).isEqualTo(2);
  }
}
