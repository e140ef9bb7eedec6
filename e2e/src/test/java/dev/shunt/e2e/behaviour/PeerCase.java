package dev.shunt.e2e.behaviour;

/**
 * One row of {@code shunt-peers list}. Immutable.
 *
 * @param name what {@code shunt-peers run} takes
 * @param kind whether it is compared or drives load for other tests
 * @param summary what it observes, in a few words
 */
record PeerCase(String name, Kind kind, String summary) {
  /** Whether observations of a case are compared. */
  enum Kind {
    COMPARE,
    LOAD
  }

  /**
   * Reads one tab-separated row.
   *
   * @throws IllegalArgumentException when it has not three fields or an unknown kind
   */
  static PeerCase parse(String row) {
    String[] fields = row.split("\t", -1);
    if (fields.length != 3) {
      throw new IllegalArgumentException("list row: " + row + " (expected: name, kind, summary)");
    }
    Kind kind =
        switch (fields[1]) {
          case "compare" -> Kind.COMPARE;
          case "load" -> Kind.LOAD;
          default -> throw new IllegalArgumentException("kind: " + fields[1]);
        };
    return new PeerCase(fields[0], kind, fields[2]);
  }
}
