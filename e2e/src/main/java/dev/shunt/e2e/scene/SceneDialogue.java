package dev.shunt.e2e.scene;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child process that answers each line of its input with some lines, the last of which is {@code
 * end}. The scene's thread asks; {@link #close} also from a shutdown hook, and may be called again.
 */
public final class SceneDialogue implements AutoCloseable {
  private static final String END = "end";

  /** What the reader leaves when the process has closed its output. */
  private static final String GONE = "gone";

  private final String name;
  private final Process process;
  private final Path errors;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private SceneDialogue(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
  }

  /**
   * Starts {@code argv} with standard error going to {@code errors}.
   *
   * @throws SceneException when the first program of argv cannot be started
   */
  public static SceneDialogue start(String name, List<String> argv, Path errors) {
    try {
      Process process = new ProcessBuilder(argv).redirectError(errors.toFile()).start();
      SceneDialogue dialogue = new SceneDialogue(name, process, errors);
      Thread reader = new Thread(dialogue::read, "read-" + process.pid());
      reader.setDaemon(true);
      reader.start();
      return dialogue;
    } catch (IOException e) {
      throw new SceneException("start " + name + " failed: " + e.getMessage(), e);
    }
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder answer = new StringBuilder();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.equals(END)) {
          answers.add(answer.toString());
          answer.setLength(0);
        } else {
          answer.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      // the process was stopped: as if it had ended
    }
    answers.add(GONE);
  }

  /**
   * Says one line and waits for the answer.
   *
   * @return its lines without the last
   * @throws SceneException the process ended instead, or the limit passed (it is then killed)
   */
  public String ask(String line, Duration limit) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      String answer = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        close();
        throw failure("no answer after " + limit + "; killed");
      }
      if (answer.equals(GONE)) {
        throw failure("it ended: " + SceneCommand.oneLine(java.nio.file.Files.readString(errors)));
      }
      return answer;
    } catch (IOException e) {
      throw failure(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted");
    }
  }

  private SceneException failure(String cause) {
    return new SceneException("ask " + name + " failed: " + cause);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
