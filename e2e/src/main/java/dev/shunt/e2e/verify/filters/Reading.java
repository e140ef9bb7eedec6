package dev.shunt.e2e.verify.filters;

import dev.shunt.desired.filter.PacketFacts;
import dev.shunt.reconcile.filter.FilterReason;
import java.util.Optional;

/**
 * What a frame is.
 *
 * @param packet what rules see; empty for an odd packet, and for what is not IP
 * @param odd why it cannot be read
 */
record Reading(Optional<PacketFacts> packet, Optional<FilterReason> odd) {
  static final Reading NOT_IP = new Reading(Optional.empty(), Optional.empty());

  static Reading of(PacketFacts packet) {
    return new Reading(Optional.of(packet), Optional.empty());
  }

  static Reading odd(FilterReason reason) {
    return new Reading(Optional.empty(), Optional.of(reason));
  }
}
