package dev.shunt.datapath.programs;

import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.maps.ConfigMap;
import java.util.Optional;

/**
 * How this node's programs follow those of another layout version, and how the next ones will find
 * them. Thread-safe.
 */
public final class Succession {
  private final PinDirectory pins;
  private final PinnedLinks links;
  private final ConfigMap config;
  private final OtherVersions others;
  private final Iterators iterators;
  private boolean wasRetired;

  /**
   * What other versions run by its pin.
   *
   * @param build whose iterators they are
   */
  record Iterators(BpfLink sweep, BpfLink resetStuck, String build) {}

  Succession(
      PinDirectory pins,
      PinnedLinks links,
      ConfigMap config,
      OtherVersions others,
      Iterators iterators) {
    this.pins = pins;
    this.links = links;
    this.config = config;
    this.others = others;
    this.iterators = iterators;
  }

  /** Pins the iterators if no process has. */
  synchronized void begin() {
    if (!pins.linkNames().contains(PinnedVersion.SWEEP)) {
      pinIterators();
    }
  }

  /* For versions that know these programs by their pins only. */
  private void pinIterators() {
    pinIterator(PinnedVersion.SWEEP, iterators.sweep());
    pinIterator(PinnedVersion.RESET_STUCK, iterators.resetStuck());
  }

  private void pinIterator(String name, BpfLink link) {
    if (!links.has(name)) {
      links.attachAnew(name, () -> link);
    }
  }

  /**
   * Takes over from versions with another layout: they pair and adopt no more. Call it when these
   * programs are attached, and before the first of them may pair.
   *
   * @param policy fingerprint of the policies in force
   */
  public synchronized void takeOver(String policy) {
    others.retire(policy);
    wasRetired = config.get("mode") == PinnedVersion.MODE_RETIRED;
    if (wasRetired) {
      boolean same = pins.marked(PinDirectory.POLICY).equals(Optional.of(policy));
      config.set("mode", same ? EndpointPolicyRow.MODE_ACCELERATE : EndpointPolicyRow.MODE_OFF);
    }
  }

  /** Undoes {@link #takeOver}: the start has failed. */
  synchronized void undo() {
    others.resume();
    if (wasRetired) {
      config.set("mode", PinnedVersion.MODE_RETIRED);
    }
  }

  /** The start has succeeded, with these policies in the maps: the pins say so from now on. */
  public synchronized void settle(String policy) {
    pinIterators();
    others.release();
    pins.mark(PinDirectory.POLICY, policy);
    pins.mark(PinDirectory.BUILD, iterators.build());
  }

  /** Other policies are in the maps now. */
  public synchronized void policyChanged(String policy) {
    others.stop();
    pins.mark(PinDirectory.POLICY, policy);
  }

  /** Versions with another layout. */
  public OtherVersions others() {
    return others;
  }

  /** Which build the programs are of: the start of their SHA-256. */
  public String build() {
    return iterators.build();
  }

  /** The layout version of the pinned maps. */
  public int layout() {
    return pins.layout();
  }
}
