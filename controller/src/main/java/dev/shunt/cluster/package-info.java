/**
 * {@code shunt control-plane}: wiring only.
 *
 * <p>Flow: {@code watch -> compile -> distribute} to the nodes, and back {@code aggregate ->
 * status}. {@link dev.shunt.cluster.PlaneCore} is that flow without the API server: facts come in
 * through a seam, so that tests and the benchmark run the very same code.
 */
@NullMarked
package dev.shunt.cluster;

import org.jspecify.annotations.NullMarked;
