package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "10188, 9.95 KiB",
    "10240, 10.0 KiB",
    "104857600, 100 MiB",
    "9223372036854775807, 8.00 EiB"
  })
  void bytes_anySize_threeDigitsAndUnit(long bytes, String text) {
    assertThat(Units.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "9999, 9999", "10000, 10.0k", "1500000, 1.50M", "250000000, 250M"})
  void count_anySize_shortForm(long count, String text) {
    assertThat(Units.count(count)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "350, 350 ns",
    "1200, 1.20 us",
    "4500000, 4.50 ms",
    "1500000000, 1.50 s",
    "192000000000, 3m12s",
    "7500000000000, 2h05m",
    "356400000000000, 4d03h"
  })
  void nanos_anyLength_fittingUnit(double nanos, String text) {
    assertThat(Units.nanos(nanos)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 25.0 %", "0, 0, -", "3, 3, 100.0 %"})
  void share_partOfAll_percentOrDash(long part, long all, String text) {
    assertThat(Units.share(part, all)).isEqualTo(text);
  }
}
