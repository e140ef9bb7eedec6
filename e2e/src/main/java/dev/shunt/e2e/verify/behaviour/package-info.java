/**
 * {@code shunt verify behaviour}: each case runs on plain TCP and accelerated, and what it observes
 * must be equal.
 *
 * <ol>
 *   <li>{@link dev.shunt.e2e.verify.behaviour.CaseProvider}s bring the cases; {@link
 *       dev.shunt.e2e.verify.behaviour.PeerCases} builds the C peers of {@code e2e/peers} for its
 *       own.
 *   <li>{@link dev.shunt.e2e.verify.behaviour.BehaviourStage} makes two equal {@link
 *       dev.shunt.e2e.verify.behaviour.PeerBed}s and runs a node for one of them.
 *   <li>A case runs on both, each time in a fresh cgroup, because what the datapath learns about a
 *       workload holds for cgroup and executable.
 *   <li>{@link dev.shunt.e2e.verify.behaviour.CaseJudgement} compares the observations, and what
 *       the node counted with what the case says has to happen to its bytes.
 *   <li>{@link dev.shunt.e2e.verify.behaviour.BehaviourReport} shows a row for each case and
 *       variant.
 * </ol>
 *
 * Where a case is equal because the pair was kept on TCP, the row says so, with the node's reason.
 */
@NullMarked
package dev.shunt.e2e.verify.behaviour;

import org.jspecify.annotations.NullMarked;
