package dev.shunt.selftest;

/** Bytes go from socket to socket, and arrive. Stateless. */
final class RedirectCheck implements Probe.Body {
  private static final int MESSAGE_BYTES = 4096;
  private static final int TURNS = 8;

  @Override
  public String run(TestBed bed) {
    try (LoopbackPair pair = LoopbackPair.accelerated(bed)) {
      long before = bed.redirectedBytes();
      for (int turn = 0; turn < TURNS; turn++) {
        LoopbackPair.exchange(pair.client(), pair.server(), MESSAGE_BYTES);
        LoopbackPair.exchange(pair.server(), pair.client(), MESSAGE_BYTES);
      }
      long redirected = bed.redirectedBytes() - before;
      if (redirected == 0) {
        throw new CheckFailedException("no byte was redirected (" + bed.progress() + ")");
      }
      int sent = 2 * TURNS * MESSAGE_BYTES;
      return redirected + " of " + sent + " bytes were redirected and all arrived";
    }
  }
}
