package dev.shunt.reconcile.filter;

import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.PacketFacts;

/**
 * A packet that was dropped, or would have been.
 *
 * @param timeNanos CLOCK_MONOTONIC
 * @param point attachment point, e.g. {@code pod-a/ingress}
 * @param pod network namespace of the pod; empty on a node interface
 * @param rule {@code namespace/filter/rule}; empty for an odd packet
 * @param mode MONITOR: nothing was dropped
 * @param reason why
 * @param packet five-tuple; of an odd packet what could be read
 * @param bytes of the frame
 */
public record Denial(
    long timeNanos,
    String point,
    String pod,
    String rule,
    FilterMode mode,
    FilterReason reason,
    PacketFacts packet,
    int bytes) {}
