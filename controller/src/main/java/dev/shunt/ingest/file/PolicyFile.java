package dev.shunt.ingest.file;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A policy file as last read.
 *
 * @param path of the file
 * @param error file, line, field, bound and what happens next; empty when accepted
 */
public record PolicyFile(Path path, Optional<String> error) {
  /** True when the file as it is now is in force. */
  public boolean accepted() {
    return error.isEmpty();
  }
}
