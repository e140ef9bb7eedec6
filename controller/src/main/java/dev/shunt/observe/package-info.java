/**
 * The node as its readers see it: immutable records, the {@link dev.shunt.observe.NodeView} that
 * supplies them, rates between two snapshots, and the explanation of one connection.
 *
 * <p>Everything here is pure Java over values: no gRPC, no native code, no I/O. The agent
 * implements {@code NodeView} over the data path; {@code publish} serialises what it returns.
 */
@NullMarked
package dev.shunt.observe;

import org.jspecify.annotations.NullMarked;
