/**
 * The test on real sockets that decides whether this kernel may accelerate.
 *
 * <ol>
 *   <li>{@link dev.shunt.selftest.CoveredCgroup}: the process is where the sockops program sees its
 *       new sockets.
 *   <li>{@link dev.shunt.selftest.TestBed}: a private network namespace with the adoption hook on
 *       its loopback, and rows in the maps that let these sockets, and no others, be accelerated.
 *   <li>Each {@link dev.shunt.selftest.Probe} makes connections of its own, brings them to the
 *       point where both directions are redirected, and looks at one behaviour.
 *   <li>Everything made is removed in reverse order, whatever happened before.
 * </ol>
 *
 * <p>It promises: no wait without a bound, no packet outside of its namespace, every row and
 * setting as it was before.
 */
@NullMarked
package dev.shunt.selftest;

import org.jspecify.annotations.NullMarked;
