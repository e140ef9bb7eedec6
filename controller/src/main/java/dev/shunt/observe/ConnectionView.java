package dev.shunt.observe;

/**
 * One end of a connection as it is now. Immutable.
 *
 * @param socket addresses, state and age
 * @param peerCookie socket cookie of the other end; 0 when unknown
 * @param placement whose socket it is
 * @param progress how far it came and why not further
 * @param traffic sent by this end as a member
 */
public record ConnectionView(
    SocketView socket, long peerCookie, Placement placement, Progress progress, Traffic traffic) {}
