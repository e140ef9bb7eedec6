package dev.shunt.agent.trace;

/**
 * What a module could not tell any of its readers since it was attached. Immutable.
 *
 * @param lost no room in the ring, or the kernel passed over the program
 * @param shed over a rate
 * @param untracked no room in a table
 * @param unread could not be read
 */
record MissingRows(long lost, long shed, long untracked, long unread) {
  static final MissingRows NONE = new MissingRows(0, 0, 0, 0);

  MissingRows since(MissingRows before) {
    return new MissingRows(
        lost - before.lost,
        shed - before.shed,
        untracked - before.untracked,
        unread - before.unread);
  }
}
