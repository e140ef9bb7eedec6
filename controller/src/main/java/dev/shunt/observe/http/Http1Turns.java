package dev.shunt.observe.http;

/**
 * What is certain of an HTTP/1 connection of which bytes are missing. While nothing is, requests
 * and responses are paired by their number. Once something is, their number is not known any more,
 * and they are paired by turns:
 *
 * <ol>
 *   <li>A client that waits for each answer has had all of them when it asks again. So a turn
 *       begins with the first request after the loss, and after a final response to what may be
 *       missing.
 *   <li>A turn proves itself: its request is complete and nothing follows it when its final
 *       response begins, which is the next thing that comes the other way, with nothing missing
 *       before it. Where the head of a request may be missing, a second turn has to prove itself
 *       too, as bytes of a body may look like the first; its request is the first that is told.
 *   <li>A client that does not wait makes no turns. Once it is seen to ask before it has the
 *       answer, before or after a loss, nothing more of its connection is told. So it is when a
 *       request goes on after its answer.
 * </ol>
 *
 * <p>Nobody can tell a client that begins not to wait just where bytes are missing, and keeps the
 * same number of requests under way from then on, from one that waits: both alternate. It is taken
 * for one that waits.
 *
 * <p>One thread.
 */
final class Http1Turns {
  /** That have to prove themselves after heads of requests may be missing. */
  private static final int TURNS = 2;

  /** Heads of requests may be missing behind those that wait. */
  private boolean requestsMissing;

  /** Turns that have to prove that there are none. */
  private int unproven;

  /** One of them has not been answered yet. */
  private boolean owed;

  /** Which request the next response belongs to is not known, until the next turn. */
  private boolean responsesMissing;

  /** The one that waits has begun a turn. */
  private boolean onTrial;

  /** Another one waited for an answer when the turn began, which may be missing. */
  private boolean doubled;

  /** The client does not wait for answers. */
  private boolean pipelined;

  /** All is paired by number. */
  boolean isCertain() {
    return !requestsMissing && !responsesMissing && !onTrial;
  }

  /** Nothing more can be told of requests that come. */
  boolean isOver() {
    return pipelined && !isCertain();
  }

  boolean isOnTrial() {
    return onTrial;
  }

  boolean isDoubled() {
    return doubled;
  }

  boolean areRequestsMissing() {
    return requestsMissing;
  }

  boolean areResponsesMissing() {
    return responsesMissing;
  }

  /** Whether a request may begin where the place in the stream was lost. */
  boolean mayTurn() {
    return !owed && !pipelined;
  }

  /** Whether a request behind those that wait has begun already. */
  boolean isAskedBehind() {
    return requestsMissing && owed;
  }

  /** A head of a request may be missing, and its answer has not come. */
  void missHead() {
    requestsMissing = true;
    unproven = TURNS;
    owed = true;
  }

  /** The end of a request whose head is known is missing. */
  void missEnd() {
    requestsMissing = true;
    unproven = Math.max(1, unproven);
  }

  /** Requests with their answers are missing, both from beginning to end. */
  void missExchanges() {
    requestsMissing = true;
    unproven = Math.max(1, unproven);
    missResponses();
  }

  /** An answer is still to come to one that is missing. */
  void owe() {
    owed = true;
  }

  /** Responses may be missing. */
  void missResponses() {
    responsesMissing = true;
    onTrial = false;
    doubled = false;
  }

  /** A final response has come that none of those that are known waits for. */
  void answer() {
    owed = false;
  }

  /** The client asks before it has the answer. */
  void pipeline() {
    pipelined = true;
  }

  /** A request begins a turn. */
  void turn() {
    doubled |= onTrial;
    onTrial = true;
    responsesMissing = false;
  }

  /**
   * A response comes with nothing missing before it.
   *
   * @return whether it is of the turn, and not of one that waited before
   */
  boolean isOfTurn() {
    pipelined |= doubled;
    return !pipelined;
  }

  /**
   * The turn was as it must be.
   *
   * @return whether its request can be told
   */
  boolean prove() {
    onTrial = false;
    unproven = Math.max(0, unproven - 1);
    requestsMissing = unproven > 0;
    return !requestsMissing;
  }
}
