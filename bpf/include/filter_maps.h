/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The maps of the packet filters; both objects use the same ones. */
#ifndef SHUNT_FILTER_MAPS_H
#define SHUNT_FILTER_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "filter_layout.h"

/* A rule set: written by the controller before it is put in force, never after. */
struct filter_set {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_INNER_MAP);
	__uint(key_size, sizeof(__u32)); /* clang 14 leaves the types of inner maps undefined */
	__uint(value_size, sizeof(struct filter_page));
};

/*
 * The rule set in force on each attachment point; points with equal rules share one. Written by the
 * controller. No row: everything passes. Full: the controller refuses the filter. Not preallocated, so
 * that a replaced row is never seen under another key.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, FILTER_POINTS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct filter_point);
	__array(values, struct filter_set);
} filter_sets SEC(".maps");

/* Counters by slot: first the odd reasons, then rules. Written by the programs, read by the controller. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FILTER_SLOTS_MAX);
	__type(key, __u32);
	__type(value, struct filter_counters);
} filter_hits SEC(".maps");

/* Buckets and event times by slot; written by the programs, all CPUs on the same one. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FILTER_SLOTS_MAX);
	__type(key, __u32);
	__type(value, struct filter_slot_state);
} filter_slots SEC(".maps");

/*
 * When the bucket of a source is full again, CLOCK_MONOTONIC in 1/64 ns. Written by the programs. Room for
 * 100,000 sources and what 64 CPUs keep free for themselves. Full: the source seen longest ago begins
 * with a full bucket again.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct filter_source);
	__type(value, __u64);
} filter_sources SEC(".maps");

/* What belongs to no rule. One row. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct filter_totals);
} filter_node SEC(".maps");

/* Denials for whoever watches; a full ring is counted in filter_node. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} filter_denials SEC(".maps");

#endif
