package dev.shunt.ingest.distribution;

import dev.shunt.desired.snapshot.NodeSnapshot;

/** Puts snapshots into force. Called by one thread at a time; may block for a moment. */
@FunctionalInterface
public interface SnapshotListener {
  /**
   * Takes a snapshot whole, or changes nothing. On return it is in force, so that an ACK is true.
   *
   * @throws RefusedSnapshotException it cannot be in force
   */
  void snapshot(NodeSnapshot snapshot) throws RefusedSnapshotException;
}
