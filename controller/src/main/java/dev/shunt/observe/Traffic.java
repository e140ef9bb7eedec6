package dev.shunt.observe;

/**
 * Messages and bytes, sent by members of the SOCKHASH only: a socket that never became one costs no
 * counter.
 *
 * @param messagesRedirected handed from socket to socket
 * @param bytesRedirected as {@code messagesRedirected}
 * @param messagesPassed sent by TCP
 * @param bytesPassed as {@code messagesPassed}
 */
public record Traffic(
    long messagesRedirected, long bytesRedirected, long messagesPassed, long bytesPassed) {
  /** Nothing sent. */
  public static final Traffic NONE = new Traffic(0, 0, 0, 0);

  /** The sum of both. */
  public Traffic plus(Traffic other) {
    return new Traffic(
        messagesRedirected + other.messagesRedirected,
        bytesRedirected + other.bytesRedirected,
        messagesPassed + other.messagesPassed,
        bytesPassed + other.bytesPassed);
  }

  /** Redirected bytes over all bytes, 0..1; 0 when nothing was sent. */
  public double redirectedShare() {
    long all = bytesRedirected + bytesPassed;
    return all == 0 ? 0 : (double) bytesRedirected / all;
  }
}
