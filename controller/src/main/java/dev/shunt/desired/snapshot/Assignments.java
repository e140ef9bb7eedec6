package dev.shunt.desired.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which policies select each pod of a node, with their part of the text that a version is the
 * digest of: most versions of a node differ in a policy only. Immutable.
 */
public final class Assignments {
  private final SortedMap<String, PodAssignment> byUid;
  private final byte[] text;

  private Assignments(SortedMap<String, PodAssignment> byUid) {
    this.byUid = byUid;
    DigestText digested = new DigestText().count(byUid.size());
    byUid.forEach(
        (uid, pod) -> {
          digested.text(uid).text(pod.namespace()).text(pod.name()).text(pod.workload());
          digested.count(pod.policies().size());
          pod.policies().forEach(digested::text);
        });
    this.text = digested.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Copies the map, which is by UID. */
  public static Assignments of(Map<String, PodAssignment> byUid) {
    return new Assignments(Collections.unmodifiableSortedMap(new TreeMap<>(byUid)));
  }

  /** By UID of the pod; of one object always the same map. */
  public SortedMap<String, PodAssignment> byUid() {
    return byUid;
  }

  /** Its part of the text that is digested. */
  byte[] text() {
    return text;
  }
}
