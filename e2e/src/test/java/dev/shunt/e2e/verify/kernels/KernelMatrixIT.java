package dev.shunt.e2e.verify.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The oldest series that apt offers boots, loads every program and accelerates. Needs root. */
class KernelMatrixIT {
  /** Enough to see a redirect, a half-close and a bounded queue; each costs seconds in a guest. */
  private static final List<String> CASES = List.of("pingpong", "half_close");

  @Test
  void oldestSeries_bootedInQemu_loadsAndAccelerates() {
    StringWriter progress = new StringWriter();
    try (KernelMatrix matrix = KernelMatrix.open(CASES, new PrintWriter(progress))) {
      KernelsReport report = new KernelsReport(matrix.run(List.of(cheapest(matrix))));

      assertThat(report.passed()).as(progress + "\n" + report.text()).isTrue();
    }
  }

  /** The smallest package of the oldest series. */
  private static String cheapest(KernelMatrix matrix) {
    String oldest = matrix.defaults().get(1);
    return matrix.find(oldest.replace("-amd64", "-cloud-amd64")).orElse(oldest);
  }
}
