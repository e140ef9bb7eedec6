package dev.shunt.e2e.bench.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.scene.SceneException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadResultTest {
  private static final String LINES =
      "operations 200\nbytes 0\nduration_ns 500000000\np50_ns 2000\np99_ns 9000\ncdf_ns 1000 2000\n";

  @Test
  void sample_ofMessages_countsOperations() {
    Sample sample = LoadResult.parse(LINES).sample(LoadShape.PINGPONG, 600);

    assertThat(sample.rate()).isEqualTo(400);
    assertThat(sample.p50Micros()).isEqualTo(2);
    assertThat(sample.p99Micros()).isEqualTo(9);
    assertThat(sample.cpuMicros()).isEqualTo(3);
    assertThat(sample.cdfMicros()).containsExactly(1.0, 2.0);
  }

  @Test
  void sample_ofAStream_countsBytes() {
    String lines = LINES.replace("bytes 0", "bytes 4194304");

    Sample sample = LoadResult.parse(lines).sample(LoadShape.STREAM, 600);

    assertThat(sample.rate()).isEqualTo(8388608);
    assertThat(sample.cpuMicros()).isEqualTo(150);
    assertThat(sample.p50Micros()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "operations x\n", "operations 0\nbytes 0\nduration_ns 1\n"})
  void parse_notAResult_refused(String lines) {
    assertThatThrownBy(() -> LoadResult.parse(lines)).isInstanceOf(SceneException.class);
  }
}
