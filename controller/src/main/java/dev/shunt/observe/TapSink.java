package dev.shunt.observe;

import java.time.Duration;

/** Who reads a tap. All calls come from one thread of the tap. */
public interface TapSink {
  /** Whether it takes more now. */
  boolean isReady();

  /** Waits until it takes more, has left, or the time is over. */
  void await(Duration timeout) throws InterruptedException;

  /** Whether it has left: the tap ends. */
  boolean hasLeft();

  /** Takes a piece; its payload is valid during the call only. */
  void piece(TapPiece piece);

  /** Takes the totals: when the tap is open, every second, and when it ends. */
  void totals(TapTotals totals);

  /** Nothing more will come: the time is over, or the node stops. */
  void end();
}
