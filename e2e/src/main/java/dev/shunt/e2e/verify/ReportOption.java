package dev.shunt.e2e.verify;

import dev.shunt.cli.CannotRunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * {@code --report}: a page of the user guide that carries the result. One thread, the command's.
 */
public final class ReportOption {
  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result as a section of this Markdown file as well.")
  private @Nullable Path file;

  /** What the page says with a new result in it. */
  public interface Page {
    /**
     * The page's new text.
     *
     * @param file as it is
     * @throws IOException it cannot be read
     */
    String updated(Path file) throws IOException;
  }

  /**
   * Writes the page, when one is wanted.
   *
   * @throws CannotRunException it cannot be read or written
   */
  public void write(Page page) {
    Path wanted = file;
    if (wanted == null) {
      return;
    }
    try {
      Files.writeString(wanted, page.updated(wanted));
    } catch (IOException e) {
      throw new CannotRunException("write " + wanted + " failed: " + e, e);
    }
  }
}
