package dev.shunt.selftest;

/** The kernel did not do what a check asks; the message is the check's detail. */
final class CheckFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CheckFailedException(String detail) {
    super(detail);
  }
}
