/**
 * The cells of the benchmark in which every request crosses two proxies: load generator, sidecar of
 * pod a, sidecar of pod b, application of pod b.
 *
 * <ol>
 *   <li>Two identical chains are built, each with pods, sidecars and an application of its own, and
 *       a third one when the overhead of observing is asked for.
 *   <li>A node covers the second chain and accelerates it; another covers the third and observes.
 *   <li>Each round drives every chain once, in an order that turns with the rounds, with fresh
 *       client connections; connections between the proxies stay, as in a mesh.
 * </ol>
 *
 * <p>Promises: chains that are compared differ in the node alone; the plain chain is checked to be
 * on TCP by its devices' byte counters; CPU time is that of the chain's cgroup plus the node's.
 */
@NullMarked
package dev.shunt.e2e.bench.chain;

import org.jspecify.annotations.NullMarked;
