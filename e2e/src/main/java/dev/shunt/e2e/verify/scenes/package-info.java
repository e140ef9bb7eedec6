/**
 * {@code shunt verify scenes}: meshes as they really run, with Envoy as the sidecar.
 *
 * <ol>
 *   <li>A scene is a mesh (who captures traffic, and how), a protocol, address families, and where
 *       its ends are. It is built twice, on plain TCP and with a node of its own; each has a routed
 *       network, pods, sidecars and an application.
 *   <li>Behaviour: the same requests through both; status codes, sizes, checksums, connections and
 *       resets must be equal.
 *   <li>Hops: while load runs, the node's connections are read, and the network devices: a hop's
 *       share is what its connections redirected, against that plus all that the device carried.
 *   <li>Gain: rounds of plain, accelerated, plain; the median of the rounds' ratios.
 * </ol>
 *
 * <p>One thread; what was made is removed by closing, also from a shutdown hook.
 */
@NullMarked
package dev.shunt.e2e.verify.scenes;

import org.jspecify.annotations.NullMarked;
