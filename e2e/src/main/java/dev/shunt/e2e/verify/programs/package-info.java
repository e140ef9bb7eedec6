/**
 * Real programs as cases of the behaviour suite: each starts the servers of a program, asks them
 * with traffic of known content, and observes what came back.
 *
 * <ol>
 *   <li>{@link dev.shunt.e2e.verify.programs.ProgramCases} lists the cases of all programs.
 *   <li>{@link dev.shunt.e2e.verify.programs.ProgramFiles} prepares what all runs share: the
 *       payload and the small peers in Python, Node.js and Go.
 *   <li>{@link dev.shunt.e2e.verify.programs.ProgramRun} starts servers and clients of one run in
 *       its cgroup and its network namespaces, keeps the facts, and stops everything.
 * </ol>
 *
 * A client that gets one wrong byte, or that has no answer in time, fails by itself; so the facts
 * are few: exit codes, counts and digests.
 */
@NullMarked
package dev.shunt.e2e.verify.programs;

import org.jspecify.annotations.NullMarked;
