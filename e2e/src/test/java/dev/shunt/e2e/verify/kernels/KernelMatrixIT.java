package dev.shunt.e2e.verify.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.SceneCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The oldest series that apt offers boots, loads every program and accelerates. Needs root. */
class KernelMatrixIT {
  /** Enough to see a redirect, a half-close and a bounded queue; each costs seconds in a guest. */
  private static final String CASES = "pingpong,half_close";

  /** A guest has nine minutes; a build and what the guest runs are made before. */
  private static final Duration LIMIT = Duration.ofMinutes(12);

  /** As users start it: the guest's JVMs begin with the launcher's archive of classes. */
  @Test
  void oldestSeries_bootedInQemu_loadsAndAccelerates() {
    String kernel = cheapest();

    String answer =
        SceneCommand.run(
            List.of("../shunt", "verify", "kernels", "--kernel", kernel, "--case", CASES),
            "",
            LIMIT);

    assertThat(answer).contains("passed in ").containsPattern(kernel + " +guest +passed ");
  }

  /** The smallest package of the oldest series. */
  private static String cheapest() {
    KernelCatalog catalog =
        new KernelStore(KernelStore.defaultFolder(), Path.of("guest")).catalog();
    String oldest = catalog.newestOfEachSeries().get(0);
    return catalog.find(oldest.replace("-amd64", "-cloud-amd64")).orElse(oldest);
  }
}
