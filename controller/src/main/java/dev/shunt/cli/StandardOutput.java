package dev.shunt.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output of a process. {@link System#out} keeps to itself that a write failed, so that a
 * stream would go on for nobody; this one tells its writer. One thread; it stays open with the
 * process.
 */
public final class StandardOutput {
  /** strerror(3) of EPIPE, which the JDK makes its message of. */
  private static final String BROKEN_PIPE = "Broken pipe";

  private final PrintWriter writer =
      new PrintWriter(
          new BufferedWriter(
              new OutputStreamWriter(
                  new Watched(new FileOutputStream(FileDescriptor.out)), StandardCharsets.UTF_8)));

  private @Nullable IOException failure;

  /** Notes the first failure. */
  private final class Watched extends OutputStream {
    private final OutputStream out;

    Watched(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException failed) {
        failure = failure == null ? failed : failure;
        throw failed;
      }
    }
  }

  /** Where commands write; it says by {@link PrintWriter#checkError} that nobody takes it. */
  public PrintWriter writer() {
    return writer;
  }

  /** Whether a write failed because nobody reads any more. */
  static boolean isUnread(IOException failed) {
    return BROKEN_PIPE.equals(failed.getMessage());
  }

  /**
   * Writes what waits.
   *
   * @return why output is missing that somebody wanted, one sentence; empty: none is
   */
  public String finish() {
    writer.flush();
    IOException failed = failure;
    return failed == null || isUnread(failed)
        ? ""
        : "write standard output failed: " + failed.getMessage();
  }
}
