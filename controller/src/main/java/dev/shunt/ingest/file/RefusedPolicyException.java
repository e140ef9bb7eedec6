package dev.shunt.ingest.file;

/** A policy cannot be read; the message names field, value and bound. */
public final class RefusedPolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedPolicyException(String message) {
    super(message);
  }
}
