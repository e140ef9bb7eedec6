package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class KubernetesOptionsTest {
  private final StringWriter err = new StringWriter();

  private int node(String... options) {
    String[] words = new String[options.length + 3];
    words[0] = "node";
    words[1] = "--kubernetes";
    words[2] = "--node-name=n1";
    System.arraycopy(options, 0, words, 3, options.length);
    return ShuntCommand.commandLine().setErr(new PrintWriter(err)).execute(words);
  }

  @Test
  void controlPlane_withoutItsFiles_usage() {
    assertThat(node("--control-plane=plane:7443")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--control-plane needs --plane-ca and --token-file");
  }

  @Test
  void controlPlane_withoutPort_usage() {
    assertThat(node("--control-plane=plane", "--plane-ca=ca", "--token-file=token"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("--control-plane: 'plane' (expected: host:port, port 1..65535)");
  }
}
