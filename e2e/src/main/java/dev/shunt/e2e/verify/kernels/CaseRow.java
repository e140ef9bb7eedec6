package dev.shunt.e2e.verify.kernels;

import java.util.List;

/**
 * One case on one kernel, plain and accelerated.
 *
 * @param name of the case
 * @param variant family, mode and route
 * @param expected whether bytes must be redirected
 * @param bytesRedirected in the accelerated run
 * @param differences between the two runs, one a line; empty when equal
 */
record CaseRow(
    String name,
    String variant,
    Expected expected,
    long bytesRedirected,
    List<String> differences) {
  CaseRow {
    differences = List.copyOf(differences);
  }

  /** What the list of cases says about redirected bytes. */
  enum Expected {
    REDIRECTED,
    KEPT,
    ANY
  }

  /** The verdict. */
  enum Verdict {
    /** Accelerated, and the application saw what TCP shows. */
    EQUAL,
    /** The connection stayed on TCP, as it should or may. */
    KEPT,
    /** The application saw something else, or the wrong way was taken. */
    DIFFERENT
  }

  Verdict verdict() {
    boolean wrongWay =
        switch (expected) {
          case REDIRECTED -> bytesRedirected == 0;
          case KEPT -> bytesRedirected > 0;
          case ANY -> false;
        };
    if (wrongWay || !differences.isEmpty()) {
      return Verdict.DIFFERENT;
    }
    return bytesRedirected > 0 ? Verdict.EQUAL : Verdict.KEPT;
  }

  /** Why it is different; empty when it is not. */
  String reason() {
    if (!differences.isEmpty()) {
      return String.join("; ", differences);
    }
    if (verdict() == Verdict.DIFFERENT) {
      return bytesRedirected == 0
          ? "nothing was redirected"
          : bytesRedirected + " bytes redirected";
    }
    return "";
  }
}
