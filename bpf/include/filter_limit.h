/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Token buckets as one number each: the time at which the bucket is full again (GCRA, ITU-T I.371). One
 * compare-and-swap takes tokens, so that any number of CPUs share a bucket without a lock, which an LRU
 * hash may not hold. A packet larger than the burst passes when the bucket is full, and is paid for after.
 */
#ifndef SHUNT_FILTER_LIMIT_H
#define SHUNT_FILTER_LIMIT_H

#include "filter_maps.h"
#include "filter_totals.h"
#include "parsing.h"

#define TICKS_PER_NS 64
#define TAKE_TRIES 16

static __always_inline __u64 cost_of(const struct filter_rule *rule,
				     const struct filter_packet *packet)
{
	__u64 amount = rule->flags & FILTER_RULE_BYTES ? packet->bytes : 1;

	return amount * rule->cost >> (rule->cost_shift & 63);
}

/* Others that win all tries took the tokens: refused. */
static __always_inline int take(__u64 *due, __u64 cost, __u64 burst)
{
	__u64 now = bpf_ktime_get_ns() * TICKS_PER_NS;
	__u64 needed = cost < burst ? cost : burst;
	__u64 seen, start;
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < TAKE_TRIES; i++) {
		seen = *(volatile __u64 *)due;
		start = seen > now ? seen : now;
		if (start + needed > now + burst)
			return 0;
		if (__sync_val_compare_and_swap(due, seen, start + cost) == seen)
			return 1;
	}
	return 0;
}

/* Fails open: a source without room for its bucket is allowed, and counted. */
static __always_inline int take_of_source(const struct filter_rule *rule,
					  const struct filter_packet *packet, __u64 cost)
{
	struct filter_source source = {.slot = rule->slot};
	__u64 *due, fresh;

	source.address_be[0] = packet->source_be[0];
	source.address_be[1] = packet->source_be[1];
	due = bpf_map_lookup_elem(&filter_sources, &source);
	if (due)
		return take(due, cost, rule->burst);
	fresh = bpf_ktime_get_ns() * TICKS_PER_NS + cost;
	if (!bpf_map_update_elem(&filter_sources, &source, &fresh, BPF_NOEXIST))
		return 1;
	due = bpf_map_lookup_elem(&filter_sources, &source);
	if (due)
		return take(due, cost, rule->burst);
	COUNT_FILTER(sources_failed);
	return 1;
}

/* Whether the packet is within the rule's limit. */
static __always_inline int within_limit(const struct filter_rule *rule,
					const struct filter_packet *packet)
{
	__u64 cost = cost_of(rule, packet);
	struct filter_slot_state *state;
	__u32 slot = rule->slot;

	if (rule->flags & FILTER_RULE_PER_SOURCE)
		return take_of_source(rule, packet, cost);
	state = bpf_map_lookup_elem(&filter_slots, &slot);
	return !state || take(&state->due, cost, rule->burst);
}

#endif
