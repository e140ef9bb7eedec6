package dev.shunt.observe;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One TCP socket.
 *
 * @param cookie SO_COOKIE; 0 when the socket has none yet
 * @param local address and port of this end; v4-mapped addresses as IPv4
 * @param remote address and port as this end sees the other one
 * @param tcpState upper-case name as in include/net/tcp_states.h: ESTABLISHED, CLOSE_WAIT ...
 * @param age since it was established; zero when it is older than the node
 */
public record SocketView(
    long cookie,
    InetSocketAddress local,
    InetSocketAddress remote,
    String tcpState,
    Duration age) {}
