package dev.shunt.e2e.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.SceneDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks tshark about a capture file. Immutable. */
record Tshark(Path file) {
  private record Answer(int exitCode, List<String> lines) {}

  /** One line a packet that passes a display filter, with these fields separated by tabs. */
  List<String> packets(String filter, String... fields) {
    Answer answer = ask(query(filter, fields));
    assertThat(answer.exitCode()).as("tshark -Y '%s': %s", filter, answer.lines()).isZero();
    return answer.lines();
  }

  /** As the other one, of a file that is being written: its last packet may be a part of one. */
  List<String> packetsSoFar(String filter, String field) {
    return ask(query(filter, field)).lines();
  }

  /** Bodies of HTTP messages as files of a folder that it makes. */
  List<Path> bodies(Path folder) {
    Answer answer = ask(List.of("-q", "--export-objects", "http," + folder));
    assertThat(answer.exitCode()).as("tshark --export-objects").isZero();
    return SceneDirectory.filesBelow(folder);
  }

  private static List<String> query(String filter, String... fields) {
    List<String> arguments = new ArrayList<>(List.of("-Y", filter, "-T", "fields"));
    for (String field : fields) {
      arguments.addAll(List.of("-e", field));
    }
    return arguments;
  }

  private Answer ask(List<String> arguments) {
    // It checks sums only when told to.
    List<String> argv =
        new ArrayList<>(List.of("tshark", "-r", file.toString(), "-o", "tcp.check_checksum:TRUE"));
    argv.addAll(List.of("-o", "ip.check_checksum:TRUE"));
    argv.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), out.lines().filter(line -> !line.isBlank()).toList());
    } catch (IOException failed) {
      throw new AssertionError(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
