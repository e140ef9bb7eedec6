package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code shunt node} of these classes as a child process. One thread; closing kills it. */
final class NodeProcess implements AutoCloseable {
  private static final long LOOK_MILLIS = 10;

  /** To start, and to stop, on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final Process process;
  private final Path out;
  private final Path err;

  private NodeProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** A folder below {@code target/run}: a build of the launcher, with its archive of classes. */
  private static final String RUN = System.getProperty("shunt.run", "");

  /** The command line up to the options of the node. */
  static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    if (!RUN.isEmpty()) {
      command.add("-XX:SharedArchiveFile=" + Path.of(RUN, "classes.jsa"));
    }
    command.addAll(List.of("-cp", classPath(), "dev.shunt.ShuntMain", "node"));
    return List.copyOf(command);
  }

  private static String classPath() {
    if (RUN.isEmpty()) {
      return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
    try (Stream<String> jars = Files.lines(Path.of(RUN, "jars"))) {
      return jars.map(jar -> Path.of(RUN, jar).toString()).collect(Collectors.joining(":"));
    } catch (IOException failed) {
      throw new UncheckedIOException("read build " + RUN + " failed", failed);
    }
  }

  static NodeProcess start(Path home, String name, List<String> arguments) throws IOException {
    return start(home, name, List.of(), arguments);
  }

  /** With further settings of the JVM. */
  static NodeProcess start(Path home, String name, List<String> settings, List<String> arguments)
      throws IOException {
    List<String> argv = new ArrayList<>(command());
    argv.addAll(1, settings);
    argv.addAll(arguments);
    Path out = home.resolve(name + ".out");
    Path err = home.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(argv).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder
        .environment()
        .putAll(Map.of("MALLOC_ARENA_MAX", "2", "MALLOC_TRIM_THRESHOLD_", "131072"));
    return new NodeProcess(builder.start(), out, err);
  }

  /** The settings that the launcher starts a node with. */
  static List<String> settingsOfLauncher() throws IOException {
    Matcher settings =
        Pattern.compile("readonly -a node_settings=\\(([^)]*)\\)")
            .matcher(Files.readString(Path.of("../shunt")));
    assertThat(settings.find()).as("node_settings of the launcher").isTrue();
    return List.of(settings.group(1).strip().split("\\s+"));
  }

  /** Waits until it works; one that does not is closed. */
  NodeProcess awaitReady() throws InterruptedException {
    if (!await(() -> out().contains("shunt node ready: "), LIMIT)) {
      close();
      throw new AssertionError("node is not ready; log: " + err());
    }
    return this;
  }

  /** Ends it in order. */
  void stop() throws InterruptedException {
    process.destroy();
    assertThat(awaitExit(LIMIT)).as("exit; log: %s", err()).isEqualTo(ExitCode.OK);
  }

  /** Waits while the process runs; false when it ended or the limit is over first. */
  boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline || process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /** VmRSS of proc(5). */
  long residentKib() {
    return read(proc("status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** What it has used so far. */
  long cpuMillis() {
    return process.toHandle().info().totalCpuDuration().orElseThrow().toMillis();
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  long pid() {
    return process.pid();
  }

  /** The exit code; fails after the limit. */
  int awaitExit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("node still runs after " + limit + ": " + err());
    }
    return process.exitValue();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new AssertionError("read " + file + " failed", failed);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
