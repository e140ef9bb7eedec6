package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ShuntCommand;
import java.io.File;
import org.junit.jupiter.api.Test;

/** Commands as the command line makes them, whichever of them is called then. */
class BenchCommandsTest {
  private static int openFiles() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }

  @Test
  void commandLine_madeOften_holdsNothingOpen() {
    ShuntCommand.commandLine(); // loads its classes
    int before = openFiles();

    for (int i = 0; i < 20; i++) {
      ShuntCommand.commandLine();
    }

    assertThat(openFiles()).isLessThan(before + 20);
  }
}
