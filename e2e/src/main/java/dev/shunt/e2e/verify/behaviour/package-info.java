/**
 * The behaviour suite: each case of the test peers runs on plain TCP and accelerated, and its
 * observations must be equal.
 *
 * <ol>
 *   <li>{@link dev.shunt.e2e.verify.behaviour.PeerProgram} builds the peers once and lists their
 *       cases.
 *   <li>{@link dev.shunt.e2e.verify.behaviour.PeerBed} makes network namespaces and a cgroup of its
 *       own.
 *   <li>{@link dev.shunt.e2e.verify.behaviour.PeerRun} runs one case there, in a fresh cgroup,
 *       because what the datapath learns about a workload holds for cgroup and executable.
 *   <li>{@link dev.shunt.e2e.verify.behaviour.BehaviourTable} keeps a row for each case and
 *       variant.
 * </ol>
 *
 * Where a case is equal because the pair was kept on TCP, the row says so, with the reason.
 */
@NullMarked
package dev.shunt.e2e.verify.behaviour;

import org.jspecify.annotations.NullMarked;
