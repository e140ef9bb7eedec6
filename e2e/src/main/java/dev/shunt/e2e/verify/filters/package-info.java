/**
 * {@code shunt verify filters}: whether the packet filter programs decide as their rules say.
 *
 * <ol>
 *   <li>A seed gives random rule sets, and for each of them random and mutated packets.
 *   <li>Each packet is run through the XDP and a tc program ({@code BPF_PROG_TEST_RUN}), read by a
 *       reader of its own written in Java, and judged rule by rule by the reference matcher.
 *   <li>Verdicts must be equal packet by packet, counters of every rule and every odd reason at the
 *       end of each rule set.
 * </ol>
 */
@NullMarked
package dev.shunt.e2e.verify.filters;

import org.jspecify.annotations.NullMarked;
