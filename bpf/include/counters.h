/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Per-CPU counters: no atomics, the controller sums the CPUs. Include after the maps. */
#ifndef SHUNT_COUNTERS_H
#define SHUNT_COUNTERS_H

#define COUNT(endpoint_index, field, amount)                                              \
	do {                                                                              \
		__u32 index_ = (endpoint_index);                                          \
		struct endpoint_counters *row_ = bpf_map_lookup_elem(&counters, &index_); \
		if (row_)                                                                 \
			row_->field += (amount);                                          \
	} while (0)

#define COUNT_NODE(field)                                                                \
	do {                                                                             \
		__u32 index_ = NODE_TOTAL_PROGRAMS;                                      \
		struct node_counters *row_ = bpf_map_lookup_elem(&node_totals, &index_); \
		if (row_)                                                                \
			row_->field++;                                                   \
	} while (0)

static __always_inline void count_connection_reason(__u32 endpoint, __u32 reason)
{
	COUNT(endpoint, connection_reasons[reason & (REASON_COUNT - 1)], 1);
}

#endif
