/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Latencies in buckets whose width is 1/64 of their value (as HdrHistogram with two digits): 1 ns to
 * 36 min without allocation.
 */
#ifndef SHUNT_HISTOGRAM_H
#define SHUNT_HISTOGRAM_H

#include <stdint.h>

#define SUB_BUCKET_BITS 6
#define SUB_BUCKETS (1u << SUB_BUCKET_BITS)
#define HISTOGRAM_BUCKETS (36 * SUB_BUCKETS)

struct histogram {
	uint64_t total;
	uint64_t count[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t nanos);

/* Upper edge in nanoseconds of the bucket below which @share (0 to 1) of the values lie; 0: none. */
uint64_t histogram_at(const struct histogram *histogram, double share);

#endif
