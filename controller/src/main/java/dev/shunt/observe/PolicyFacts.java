package dev.shunt.observe;

/**
 * What the node knows about the place a connection lives in; makes an explanation concrete.
 *
 * @param hostMode mode of the host
 * @param endpoint of the connection, with the policy that decided
 * @param namespace of the connection
 * @param selfTest last report
 * @param adoptTurns request/response turns that adoption asks for
 */
public record PolicyFacts(
    ModeStatus hostMode,
    EndpointStatus endpoint,
    NamespaceStatus namespace,
    SelfTestReport selfTest,
    int adoptTurns) {}
