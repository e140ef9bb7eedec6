package dev.shunt.cli;

import dev.shunt.v1.TapPiece;
import dev.shunt.v1.TapTotals;
import java.io.IOException;

/** Where a tap goes. Used by one thread, which closes it. */
interface TapOutput extends AutoCloseable {
  /**
   * Takes a piece.
   *
   * @return false when nobody reads any more
   */
  boolean piece(TapPiece piece) throws IOException;

  /**
   * Takes the totals so far.
   *
   * @return false when nobody reads any more
   */
  boolean totals(TapTotals totals) throws IOException;

  /** Takes the last totals. */
  void finish(TapTotals totals) throws IOException;

  @Override
  void close() throws IOException;
}
