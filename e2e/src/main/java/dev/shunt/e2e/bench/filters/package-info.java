/**
 * {@code shunt bench filters}: what a packet costs in the filter programs, by number of CIDRs and
 * of rules.
 *
 * <p>Two measurements. In the programs alone, by {@code BPF_PROG_TEST_RUN}: each round measures
 * every cell once, in turn, on packets whose sources differ. And with traffic: packets go over veth
 * from a system call to a socket on one CPU; a round takes each shape of rules, and for it sends
 * slices of well below a millisecond over the {@link dev.shunt.e2e.bench.filters.Lane}s in turn,
 * takes the median of each lane's slices, and makes sure that every packet arrived and met a rule.
 * A figure is the median of the rounds, a ratio the median of the rounds' ratios.
 */
@NullMarked
package dev.shunt.e2e.bench.filters;

import org.jspecify.annotations.NullMarked;
