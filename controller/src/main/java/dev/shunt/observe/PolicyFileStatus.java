package dev.shunt.observe;

/**
 * A policy file as last read.
 *
 * @param path of the file
 * @param error file, line, field and bound of the first fault; empty when accepted
 */
public record PolicyFileStatus(String path, String error) {
  /** True when the file is in force. */
  public boolean accepted() {
    return error.isEmpty();
  }
}
