/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Per-CPU counters of the packet filters: no atomics, the controller sums the CPUs. */
#ifndef SHUNT_FILTER_TOTALS_H
#define SHUNT_FILTER_TOTALS_H

#include "filter_maps.h"

#define COUNT_FILTER(field)                                                              \
	do {                                                                             \
		__u32 index_ = 0;                                                        \
		struct filter_totals *row_ = bpf_map_lookup_elem(&filter_node, &index_); \
		if (row_)                                                                \
			row_->field++;                                                   \
	} while (0)

static __always_inline void count_hit(__u32 slot, __u32 bytes, __u32 denied)
{
	struct filter_counters *row = bpf_map_lookup_elem(&filter_hits, &slot);

	if (!row)
		return;
	row->packets++;
	row->bytes += bytes;
	if (denied) {
		row->denied_packets++;
		row->denied_bytes += bytes;
	}
}

#endif
