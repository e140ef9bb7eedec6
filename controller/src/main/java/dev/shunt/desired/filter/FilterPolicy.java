package dev.shunt.desired.filter;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;

/**
 * A filter as a policy of the node.
 *
 * @param name of the policy; the filter's is made from it
 * @param filter itself
 * @param origin where it comes from
 */
public record FilterPolicy(PolicyName name, TrafficFilter filter, PolicyOrigin origin)
    implements NamedPolicy {}
