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
  private final Parts parts;
  private boolean wasRetired;

  /**
   * What other versions run by its pin.
   *
   * @param build whose programs they are
   */
  record Parts(Sweeper sweeper, BpfLink resetStuck, String build) {}

  Succession(
      PinDirectory pins, PinnedLinks links, ConfigMap config, OtherVersions others, Parts parts) {
    this.pins = pins;
    this.links = links;
    this.config = config;
    this.others = others;
    this.parts = parts;
  }

  /** Pins what others run if no process has. */
  synchronized void begin() {
    if (!pins.linkNames().contains(PinnedVersion.RESET_STUCK)) {
      pinParts();
    }
  }

  /* For versions that know these programs by their pins only. */
  private void pinParts() {
    parts.sweeper().pin(links, pins);
    if (!links.has(PinnedVersion.RESET_STUCK)) {
      links.attachAnew(PinnedVersion.RESET_STUCK, parts::resetStuck);
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
    pinParts();
    others.release();
    pins.mark(PinDirectory.POLICY, policy);
    pins.mark(PinDirectory.BUILD, parts.build());
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
    return parts.build();
  }

  /** The layout version of the pinned maps. */
  public int layout() {
    return pins.layout();
  }
}
