/**
 * {@code shunt demo}: the main job shown on real traffic, with numbers.
 *
 * <ol>
 *   <li>Two identical mesh chains are built side by side, one called plain, one accelerated.
 *   <li>A real node process is started that covers the accelerated chain's cgroup and network
 *       namespaces and nothing else: no program of Shunt ever sees the plain chain.
 *   <li>Both are warmed up, then driven in turns, in the order AB BA AB ..., so that drift of the
 *       machine falls on both alike. Each run is a fresh load generator with fresh connections.
 *   <li>Each pair of runs gives one ratio per measure; the result is the median of those.
 *   <li>CPU per request is what the chain's cgroup used, load generator included; the node's own
 *       CPU time is charged to the accelerated runs.
 *   <li>The node's byte counts are cross-checked by the kernel's device counters: bytes that still
 *       crossed the pods' network devices per request.
 *   <li>Everything is removed, on success, failure and signals.
 * </ol>
 */
@NullMarked
package dev.shunt.e2e.demo;

import org.jspecify.annotations.NullMarked;
