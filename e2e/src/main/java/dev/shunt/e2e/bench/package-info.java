/**
 * {@code shunt bench}: what acceleration changes on this machine, cell by cell.
 *
 * <ol>
 *   <li>A cell is one kind of traffic; its variants are plain TCP, Shunt, Shunt observing, a Unix
 *       socket as a bound, and third-party programs. Each variant has processes, a cgroup and
 *       network namespaces of its own, so that no program of one ever sees another's traffic.
 *   <li>A round drives plain TCP, then every other variant in an order that turns with the rounds,
 *       then plain TCP again. A variant's ratio in a round is its figure over the mean of the two
 *       plain ones; what the two differ by is the round's noise.
 *   <li>The result of a cell is the median of its rounds' ratios, with half the distance of the
 *       quartiles as spread. Nothing absolute is compared across rounds.
 *   <li>CPU time is that of the variant's cgroup, load generator included, plus the node's own.
 *   <li>Goals are judged on the medians; a cell may fall short of plain TCP by the noise that was
 *       measured on plain TCP itself, and no more.
 * </ol>
 */
@NullMarked
package dev.shunt.e2e.bench;

import org.jspecify.annotations.NullMarked;
