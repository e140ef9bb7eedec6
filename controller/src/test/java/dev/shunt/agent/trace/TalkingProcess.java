package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program that does something each time it reads a line, and says so. One thread. */
final class TalkingProcess implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  TalkingProcess(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    in = process.outputWriter(StandardCharsets.UTF_8);
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  int pid() {
    return (int) process.pid();
  }

  void say(String line) {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
  }

  /** Waits for its next line, which is this. */
  void expect(String line) {
    assertThat(next()).isEqualTo(line);
  }

  /** Waits for its next line. */
  String next() {
    try {
      return String.valueOf(out.readLine());
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
  }

  /** Reads all that it says until it has ended. */
  void awaitEnd() {
    try {
      in.close();
      while (out.readLine() != null) {
        // of no interest
      }
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
