/**
 * {@code shunt bench filters}: what a packet costs in the filter programs, by number of CIDRs and
 * of rules.
 *
 * <p>Each round measures every cell once, in turn, on packets whose sources differ; a cell's figure
 * is the median of its rounds, a ratio the median of the rounds' ratios.
 */
@NullMarked
package dev.shunt.e2e.bench.filters;

import org.jspecify.annotations.NullMarked;
