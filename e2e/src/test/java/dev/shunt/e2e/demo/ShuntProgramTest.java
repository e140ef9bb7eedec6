package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShuntProgramTest {
  @Test
  void command_thisBuild_startsItsMainClass() {
    List<String> argv = ShuntProgram.thisBuild().command(List.of("version", "-o", "json"));

    assertThat(argv.get(0)).endsWith("/bin/java");
    assertThat(argv)
        .containsSubsequence("-cp", "dev.shunt.ShuntMain", "version", "-o", "json")
        .endsWith("json");
  }

  @Test
  void isInherited_flagOfOneJvm_isNot() {
    assertThat(ShuntProgram.isInherited("-agentlib:jdwp=server=y")).isFalse();
    assertThat(ShuntProgram.isInherited("-XX:ArchiveClassesAtExit=x.jsa")).isFalse();
    assertThat(ShuntProgram.isInherited("-XX:SharedArchiveFile=x.jsa")).isTrue();
    assertThat(ShuntProgram.isInherited("-Xmx64m")).isTrue();
  }
}
