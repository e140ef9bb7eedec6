package dev.shunt.cluster;

import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.ingest.distribution.NodeFeed;
import dev.shunt.ingest.distribution.RefusedSnapshotException;
import dev.shunt.ingest.distribution.SnapshotListener;
import dev.shunt.v1.NodeCapabilities;
import dev.shunt.v1.NodeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stands for a node's data path: remembers what it was given, and refuses on demand. */
public final class NodeRecorder implements SnapshotListener, NodeFeed {
  private final List<NodeSnapshot> given = new ArrayList<>();
  private Optional<String> refused = Optional.empty();

  /** Refuses every snapshot that holds this text from now on. */
  public synchronized void refuse(String text) {
    refused = Optional.of(text);
  }

  @Override
  public synchronized void snapshot(NodeSnapshot snapshot) throws RefusedSnapshotException {
    boolean bad =
        refused.isPresent()
            && snapshot.policies().values().stream()
                .anyMatch(policy -> policy.json().contains(refused.get()));
    if (bad) {
      throw new RefusedSnapshotException(
          RefusedSnapshotException.Cause.INVALID_POLICY, "spec.mode: refused (expected: another)");
    }
    given.add(snapshot);
  }

  public synchronized int count() {
    return given.size();
  }

  /** The version in force; empty when none. */
  public synchronized String version() {
    return given.isEmpty() ? "" : given.get(given.size() - 1).version();
  }

  public synchronized NodeSnapshot last() {
    return given.get(given.size() - 1);
  }

  @Override
  public NodeCapabilities capabilities() {
    return NodeCapabilities.newBuilder().setVersion("test").setKernel("6.1").build();
  }

  @Override
  public NodeReport report() {
    return NodeReport.getDefaultInstance();
  }
}
