/**
 * {@code shunt verify cluster}: installs Shunt into a real cluster and uses it as its users do.
 * Steps run in the order of {@link dev.shunt.e2e.verify.cluster.ClusterSteps}; each builds on those
 * before it, so the first that fails ends the run.
 */
@NullMarked
package dev.shunt.e2e.verify.cluster;

import org.jspecify.annotations.NullMarked;
