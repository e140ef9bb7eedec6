/**
 * What telemetry modules cost: HTTP in a network namespace of its own, in slices with a module off
 * and on in turns, and the ratio of each pair.
 *
 * <ol>
 *   <li>A round has a pair of slices for each cell, the module off in one and on in the other.
 *       Their ratio leaves nothing out, but tells 1 % only on a quiet machine.
 *   <li>In one more slice with the module on, the kernel counts its programs: apart from the pair,
 *       as counting costs too. What it counts for a program that does nothing is taken off each
 *       run.
 *   <li>The CPU of who reads the rows is that of this process in the pair's slices, on less off.
 *   <li>What leads to a program, a trap or an interrupt, is measured once: a process of its own,
 *       with a program that does nothing attached to it and without. Runs times that are added.
 *   <li>A goal is judged by the pairs; by the sum of all three where they leave it open. Where it
 *       is not known what leads to a program, the count cannot say met.
 * </ol>
 */
@NullMarked
package dev.shunt.e2e.bench.telemetry;

import org.jspecify.annotations.NullMarked;
