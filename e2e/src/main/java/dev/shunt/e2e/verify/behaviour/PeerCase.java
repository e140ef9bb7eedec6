package dev.shunt.e2e.verify.behaviour;

/**
 * One row of {@code shunt-peers list}. Immutable.
 *
 * @param name what {@code shunt-peers run} takes
 * @param kind whether it is compared or drives load for other tests
 * @param expectation what happens to its bytes when its sockets do not block
 * @param whenBlocking what happens to its bytes when its sockets block
 * @param summary what it observes, in a few words
 */
record PeerCase(
    String name, Kind kind, Expectation expectation, Expectation whenBlocking, String summary) {
  private static final int FIELDS = 5;

  /** Whether observations of a case are compared. */
  enum Kind {
    COMPARE,
    LOAD
  }

  /**
   * Reads one tab-separated row.
   *
   * @throws IllegalArgumentException when it has another number of fields or an unknown word
   */
  static PeerCase parse(String row) {
    String[] fields = row.split("\t", -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(
          "list row: " + row + " (expected: name, kind, expectation, when blocking, summary)");
    }
    Kind kind =
        switch (fields[1]) {
          case "compare" -> Kind.COMPARE;
          case "load" -> Kind.LOAD;
          default -> throw new IllegalArgumentException("kind: " + fields[1]);
        };
    return new PeerCase(
        fields[0], kind, Expectation.parse(fields[2]), Expectation.parse(fields[3]), fields[4]);
  }
}
