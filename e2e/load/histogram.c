// SPDX-License-Identifier: Apache-2.0
#include "histogram.h"

static uint32_t bucket_of(uint64_t nanos)
{
	uint32_t magnitude, bucket;

	if (nanos < SUB_BUCKETS)
		return (uint32_t)nanos;
	magnitude = 63 - (uint32_t)__builtin_clzll(nanos) - SUB_BUCKET_BITS;
	bucket = ((magnitude + 1) << SUB_BUCKET_BITS) +
		 (uint32_t)((nanos >> magnitude) & (SUB_BUCKETS - 1));
	return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static uint64_t upper_edge(uint32_t bucket)
{
	uint32_t magnitude;

	if (bucket < SUB_BUCKETS)
		return bucket;
	magnitude = (bucket >> SUB_BUCKET_BITS) - 1;
	return (((uint64_t)(bucket & (SUB_BUCKETS - 1)) + SUB_BUCKETS + 1) << magnitude) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t nanos)
{
	histogram->count[bucket_of(nanos)]++;
	histogram->total++;
}

uint64_t histogram_at(const struct histogram *histogram, double share)
{
	uint64_t wanted = (uint64_t)(share * (double)histogram->total + 0.5), seen = 0;

	if (!histogram->total)
		return 0;
	if (!wanted)
		wanted = 1;
	for (uint32_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
		seen += histogram->count[bucket];
		if (seen >= wanted)
			return upper_edge(bucket);
	}
	return upper_edge(HISTOGRAM_BUCKETS - 1);
}
