package dev.shunt.e2e.bench.filters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficReportTest {
  private final Map<TrafficCell, List<Double>> rounds = new LinkedHashMap<>();

  /** 10 and 10,000 CIDRs of one rule. */
  private void put(Lane lane, double few, double many) {
    rounds.put(new TrafficCell(lane, 10, 1), List.of(few, few, few));
    rounds.put(new TrafficCell(lane, 10_000, 1), List.of(many, many, many));
  }

  private TrafficReport report(double xdp, double tc) {
    put(Lane.PLAIN, 800, 800);
    put(Lane.XDP_IDLE, 1200, 1200);
    put(Lane.XDP, 1300, xdp);
    put(Lane.TC, 900, tc);
    put(Lane.NFTABLES, 1000, 1100);
    return new TrafficReport(rounds);
  }

  @Test
  void goals_rulesAddLessAndNothingGrows_areMet() {
    TrafficReport report = report(1310, 920);

    assertThat(report.isFlat()).isTrue();
    assertThat(report.isFasterThanNft()).isTrue();
    assertThat(report.text()).contains("0.37 (0.37-0.37)").contains("0.40 (0.40-0.40)");
  }

  @Test
  void goals_oneHookAddsAsMuchAsNftables_isMissed() {
    assertThat(report(1500, 920).isFasterThanNft()).isFalse();
    assertThat(report(1310, 1100).isFasterThanNft()).isFalse();
  }

  @Test
  void goals_tenThousandCidrsCostMore_isMissed() {
    assertThat(report(1310, 1200).isFlat()).isFalse();
  }
}
