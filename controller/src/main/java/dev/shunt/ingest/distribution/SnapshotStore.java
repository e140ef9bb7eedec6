package dev.shunt.ingest.distribution;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.ingest.distribution.SnapshotMerge.MisfitException;
import dev.shunt.ingest.file.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last good snapshot in {@code <state-dir>/snapshot.json}, for root only, replaced whole.
 * One thread at a time; blocks for the disk.
 */
final class SnapshotStore {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

  private final StateFile file;

  SnapshotStore(Path stateDirectory) {
    file = new StateFile(stateDirectory.resolve("snapshot.json"));
  }

  /** What was kept last; nothing, with a line in the log, when it cannot be read. */
  Optional<NodeSnapshot> read() {
    try {
      Optional<String> text = file.read();
      if (text.isEmpty()) {
        return Optional.empty();
      }
      dev.shunt.v1.NodeSnapshot.Builder message = dev.shunt.v1.NodeSnapshot.newBuilder();
      JsonFormat.parser().ignoringUnknownFields().merge(text.get(), message);
      return Optional.of(SnapshotMerge.whole(message.build()));
    } catch (InvalidProtocolBufferException e) {
      return unreadable("it is no valid JSON of a snapshot");
    } catch (IOException | MisfitException e) {
      return unreadable(String.valueOf(e.getMessage()));
    }
  }

  private Optional<NodeSnapshot> unreadable(String cause) {
    LOG.warn(
        "read snapshot {} failed: {}; observing until the control plane sends one",
        file.path(),
        cause);
    return Optional.empty();
  }

  /** Keeps a snapshot; when this fails the file holds what it held before. */
  void write(NodeSnapshot snapshot) throws IOException {
    file.write(JsonFormat.printer().print(SnapshotMerge.message(snapshot)));
  }
}
