package dev.shunt.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command of these classes as a process of its own, with a real pipe for its output. One thread;
 * closing kills it.
 */
public final class CliProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final Path errors;

  private CliProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts one that asks the node at a socket. */
  public static CliProcess start(Path home, Path socket, String... words) throws IOException {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of("env", "--default-signal=INT")); // shells ignore it for what they put aside
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    argv.add("-cp");
    argv.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    argv.addAll(List.of("dev.shunt.ShuntMain", words[0], "--socket=" + socket));
    argv.addAll(List.of(words).subList(1, words.length));
    Path errors = Files.createTempFile(home, "command", ".err");
    return new CliProcess(new ProcessBuilder(argv).redirectError(errors.toFile()).start(), errors);
  }

  /** The next line of its output; null at its end. */
  public String line() {
    try {
      return out.readLine();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** All lines until its end. */
  public List<String> rest() {
    return out.lines().toList();
  }

  /** Whoever reads it has gone. */
  public void closeOutput() {
    try {
      out.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Sends a signal, by name. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start().waitFor();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The exit code; fails when it has not ended by then. */
  public int exit(long millis) throws InterruptedException {
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it still runs after " + millis + " ms; it said: " + err());
    }
    return process.exitValue();
  }

  /** Standard error so far. */
  public String err() {
    try {
      return Files.readString(errors);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
