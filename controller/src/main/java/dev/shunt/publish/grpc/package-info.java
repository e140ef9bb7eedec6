/**
 * The node API over gRPC: serialises what a {@link dev.shunt.observe.NodeView} returns and checks
 * what callers send. No decision is made here.
 *
 * <p>Threads: calls run on a small pool, because a {@code NodeView} may block; event loops only
 * move bytes. A stream whose reader is slow holds no thread: events wait in a bounded queue and are
 * counted as lost beyond it, statistics skip a tick, connections wait for the reader.
 */
@NullMarked
package dev.shunt.publish.grpc;

import org.jspecify.annotations.NullMarked;
