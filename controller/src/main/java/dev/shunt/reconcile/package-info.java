/**
 * Brings the data path to its desired state: desired against actual gives a {@link
 * dev.shunt.reconcile.Plan} of typed steps, which {@link dev.shunt.reconcile.Reconciler} applies.
 *
 * <p>The order never widens before it narrows. Narrowing steps:
 *
 * <ol>
 *   <li>lower the ceiling;
 *   <li>add exemptions, take back forced executables;
 *   <li>write new endpoints, and of changed ones what both the old and the new rules allow;
 *   <li>lead selectors and network namespaces to their endpoints;
 *   <li>set default endpoint, selector combinations and adoption turns;
 *   <li>remove selectors and network namespaces that are no longer wanted.
 * </ol>
 *
 * Widening steps, held back until the next pass when a narrowing step failed:
 *
 * <ol>
 *   <li>write the endpoints that now allow more;
 *   <li>force executables, take back exemptions;
 *   <li>clear endpoints to which nothing leads any more;
 *   <li>raise the ceiling.
 * </ol>
 *
 * <p>What names something that does not exist yet (cgroup, executable, network namespace) is
 * pending, not failed: nothing can run there, and the next pass looks again. A pass over a data
 * path that is as desired writes nothing. {@link dev.shunt.reconcile.PassSchedule} says when the
 * next pass is due.
 */
@NullMarked
package dev.shunt.reconcile;

import org.jspecify.annotations.NullMarked;
