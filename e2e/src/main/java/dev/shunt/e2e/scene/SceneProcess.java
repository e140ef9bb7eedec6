package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A long-running child process with its output in a log file. Started and stopped by the scene's
 * thread; {@link #close} also from a shutdown hook, may block for some seconds, and may be called
 * again.
 */
public final class SceneProcess implements AutoCloseable {
  /** How long a process gets to end on SIGTERM before it is killed. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final Path DEV_NULL = Path.of("/dev/null");

  private static final int LOG_TAIL_CHARS = 600;

  private final String name;
  private final Process process;
  private final Path log;

  private SceneProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts {@code argv} with standard output and error going to {@code log}.
   *
   * @throws SceneException when the first program of argv cannot be started
   */
  public static SceneProcess start(String name, List<String> argv, Path log) {
    return start(name, log, new ProcessBuilder(argv).redirectErrorStream(true));
  }

  /** As {@link #start}, with standard error going to {@code errors}, apart from the output. */
  public static SceneProcess startWithErrors(
      String name, List<String> argv, Path log, Path errors) {
    return start(name, log, new ProcessBuilder(argv).redirectError(errors.toFile()));
  }

  private static SceneProcess start(String name, Path log, ProcessBuilder builder) {
    try {
      builder.redirectInput(ProcessBuilder.Redirect.from(DEV_NULL.toFile()));
      builder.redirectOutput(log.toFile());
      return new SceneProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new SceneException("start " + name + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * Whether the process {@code pid} exists and runs. One that ended but that its parent has not
   * reaped does not run; in a container whose first process never reaps it stays for good.
   */
  public static boolean isRunning(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // "PID (NAME) STATE ...", where the name may hold anything (proc(5))
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'Z' && state != 'X';
    } catch (IOException e) {
      return false;
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Everything the process has written so far.
   *
   * @throws SceneException when the log cannot be read
   */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new SceneException("read log of " + name + " failed: " + e, e);
    }
  }

  /** The last lines of the log in one line, for an error message; empty when there are none. */
  public String logTail() {
    if (!Files.exists(log)) {
      return "no log";
    }
    String text = log().strip();
    return SceneCommand.oneLine(text.substring(Math.max(0, text.length() - LOG_TAIL_CHARS)));
  }

  /**
   * Waits until this process has a TCP listener on {@code port} in its network namespace.
   *
   * @throws SceneException when it ends first or the limit passes
   */
  public void awaitListening(int port, Duration limit) {
    Await.until(() -> !isAlive() || SocketTable.listens(pid(), port), limit);
    if (!isAlive() || !SocketTable.listens(pid(), port)) {
      String cause = isAlive() ? "no listener after " + limit : "it ended";
      throw new SceneException(
          "await " + name + " on port " + port + " failed: " + cause + ": " + logTail());
    }
  }

  /**
   * Waits for the process to end by itself and returns its exit code.
   *
   * @throws SceneException when the limit passes (the process is then killed)
   */
  public int awaitExit(Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly().waitFor();
      throw new SceneException(
          "await end of " + name + " failed: still running after " + limit + "; killed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SceneException("await end of " + name + " failed: interrupted", e);
    }
  }

  /** Asks the process to end (SIGTERM) without waiting; {@link #close} then awaits it. */
  public void terminate() {
    process.destroy();
  }

  @Override
  public void close() {
    closeWithin(GRACE);
  }

  /** As {@link #close}, with {@code grace} between SIGTERM and SIGKILL. */
  public void closeWithin(Duration grace) {
    boolean interrupted = false;
    process.destroy();
    long deadlineNanos = System.nanoTime() + grace.toNanos();
    while (process.isAlive()) {
      try {
        long leftNanos = deadlineNanos - System.nanoTime();
        if (!process.waitFor(Math.max(0, leftNanos), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
