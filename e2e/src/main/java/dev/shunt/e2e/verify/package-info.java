/**
 * {@code shunt verify}: the proofs that a user can run on a host of their own. One sub-command, in
 * a package of its own below this one, for each kind of proof.
 */
@NullMarked
package dev.shunt.e2e.verify;

import org.jspecify.annotations.NullMarked;
