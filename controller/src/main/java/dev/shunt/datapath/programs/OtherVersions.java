package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.libbpf.Libbpf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions with another map layout, older or newer, that nodes before this one left under the same
 * pin directory. They serve the connections that they have; this node's programs take every new
 * one, and the last connection takes its version with it. Any thread.
 */
public final class OtherVersions {
  private static final Logger LOG = LoggerFactory.getLogger(OtherVersions.class);

  /** By version, the mode that it had before this node retired it. */
  private final Map<PinnedVersion, Integer> versions = new LinkedHashMap<>();

  private volatile List<Left> left = List.of();

  OtherVersions(Libbpf libbpf, PinDirectory own) {
    for (PinDirectory other : own.others()) {
      PinnedVersion version = new PinnedVersion(libbpf, other);
      versions.put(version, version.mode());
    }
    count();
  }

  /**
   * A version that still serves connections.
   *
   * @param layout its layout version
   * @param build whose programs it has; empty when unknown
   * @param connections that it serves
   */
  public record Left(int layout, String build, long connections) {}

  /** As of the last look. */
  public List<Left> list() {
    return left;
  }

  /**
   * Lets them adopt and pair no more. Members go on as they are, if the version had the same
   * policies that are in force now; otherwise they go back to TCP, because nobody can tell programs
   * of another layout what has changed.
   */
  public synchronized void retire(String policy) {
    versions.forEach(
        (version, mode) -> {
          boolean serves =
              mode == EndpointPolicyRow.MODE_ACCELERATE || mode == PinnedVersion.MODE_RETIRED;
          boolean same = version.policy().equals(Optional.of(policy));
          version.setMode(serves && same ? PinnedVersion.MODE_RETIRED : EndpointPolicyRow.MODE_OFF);
          LOG.info(
              "layout {} of an earlier node is retired: {}",
              version.layout(),
              serves && same
                  ? "it serves its connections until they close"
                  : "its connections go back to TCP");
        });
  }

  /** Undoes {@link #retire}: this node did not come up. */
  synchronized void resume() {
    versions.forEach(PinnedVersion::setMode);
  }

  /** This node's programs are in place: ends what only new members needed. */
  synchronized void release() {
    versions.keySet().forEach(PinnedVersion::releaseAdoption);
  }

  /** The policies have changed: what nobody can tell them of any more goes back to TCP. */
  public synchronized void stop() {
    versions.keySet().forEach(version -> version.setMode(EndpointPolicyRow.MODE_OFF));
  }

  /** Sweeps them, and removes those that have no connection left. */
  public synchronized void tend(List<NetworkNamespace> namespaces) {
    for (PinnedVersion version : List.copyOf(versions.keySet())) {
      namespaces.forEach(version::resetStuck);
      version.sweep();
      if (version.members() == 0) {
        version.remove();
        versions.remove(version);
        LOG.info("layout {} has no connection left: removed", version.layout());
      }
    }
    count();
  }

  /** Drains and removes all of them; see {@link SockmapDatapath#drain}. */
  synchronized long drain(Duration patience) {
    long members = 0;
    for (PinnedVersion version : versions.keySet()) {
      members += version.drain(patience);
      version.remove();
    }
    versions.clear();
    count();
    return members;
  }

  private void count() {
    List<Left> counted = new ArrayList<>();
    for (PinnedVersion version : versions.keySet()) {
      long connections = (version.members() + 1) / 2;
      counted.add(new Left(version.layout(), version.build().orElse(""), connections));
    }
    left = List.copyOf(counted);
  }
}
