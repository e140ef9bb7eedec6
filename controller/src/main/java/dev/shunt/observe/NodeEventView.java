package dev.shunt.observe;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Something that happened to a connection or an endpoint. Immutable.
 *
 * @param time wall clock
 * @param type what happened
 * @param connection the end it happened to, with what the event carries; the rest is zero or empty
 * @param reason why; {@code NONE} when the type needs none
 * @param errno with REFUSE; 0 otherwise
 * @param lost events dropped by the kernel's ring since the one before; 0 normally
 * @param traits e.g. {@code splice} with TRAIT; empty otherwise
 * @param detail one sentence with STAND_DOWN and RESUME, whose connection has an endpoint and
 *     nothing else, and with NEIGHBOUR and NEIGHBOUR_GONE; empty otherwise
 */
public record NodeEventView(
    Instant time,
    EventType type,
    ConnectionView connection,
    Reason reason,
    int errno,
    long lost,
    List<String> traits,
    String detail) {
  /** What happened to an endpoint as a whole. */
  public static NodeEventView ofEndpoint(
      Instant time, EventType type, String endpoint, String detail) {
    InetSocketAddress nowhere = new InetSocketAddress(0);
    ConnectionView none =
        new ConnectionView(
            new SocketView(0, nowhere, nowhere, "", Duration.ZERO),
            0,
            new Placement("", endpoint, ""),
            new Progress(Side.ACTIVE, Step.UNPAIRED, Reason.NONE, Reason.NONE, 0, 0),
            Traffic.NONE);
    return new NodeEventView(time, type, none, Reason.NONE, 0, 0, List.of(), detail);
  }

  /** Copies the list. */
  public NodeEventView {
    traits = List.copyOf(traits);
  }
}
