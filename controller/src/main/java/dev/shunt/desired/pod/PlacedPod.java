package dev.shunt.desired.pod;

/**
 * A pod of this node.
 *
 * @param pod itself
 * @param place where it is
 */
public record PlacedPod(PodFacts pod, PodPlace place) {}
