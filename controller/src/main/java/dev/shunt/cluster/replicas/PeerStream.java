package dev.shunt.cluster.replicas;

import dev.shunt.v1.ReplicaNode;
import io.grpc.stub.CallStreamObserver;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a peer is still to be told: names of nodes, each once, whose message is made when the peer
 * takes it. Thread-safe; does not block.
 */
final class PeerStream {
  private final NodeDirectory directory;
  private final CallStreamObserver<ReplicaNode> out;
  private final Set<String> touched = new LinkedHashSet<>();
  private boolean closed;

  PeerStream(NodeDirectory directory, CallStreamObserver<ReplicaNode> out) {
    this.directory = directory;
    this.out = out;
  }

  /** Something about a node changed. */
  synchronized void touch(String node) {
    touched.add(node);
    drain();
  }

  /** Sends while the peer takes. */
  synchronized void drain() {
    Iterator<String> next = touched.iterator();
    while (!closed && out.isReady() && next.hasNext()) {
      String node = next.next();
      next.remove();
      directory.message(this, node).ifPresent(out::onNext);
    }
  }

  /** The stream is over. */
  synchronized void close() {
    closed = true;
    touched.clear();
  }
}
