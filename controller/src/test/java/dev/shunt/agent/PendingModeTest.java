package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.reconcile.FailedStep;
import dev.shunt.reconcile.ReconcileResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingModeTest {
  @Test
  void text_failedStep_namesModeStepAndCause() {
    FailedStep failed = new FailedStep("write config", new IllegalStateException("no space"));
    ReconcileResult result =
        new ReconcileResult(List.of(), List.of(failed), List.of(), List.of(), 0);

    assertThat(PendingMode.text("off", result))
        .isEqualTo(
            "set mode off is pending: 1 of its steps not applied, first: write config: no space;"
                + " retry on the next pass; the mode is kept");
  }
}
