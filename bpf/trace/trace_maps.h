/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What every module has: who reads, one ring, and a rate. A module is an object of its own that is in the
 * kernel only while somebody reads; all its readers share it.
 */
#ifndef SHUNT_TRACE_MAPS_H
#define SHUNT_TRACE_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "trace_layout.h"

#define PODS_MAX 4096
#define USED_UP_MAX 64 /* a power of two */
#define SECOND_NS 1000000000ULL

/* Readers, and what was counted. Written by the controller (readers) and the programs (counts). */
struct trace_state state;

/*
 * CPUs that count in one word take turns at its cache line, which takes longer than what is counted: each
 * has a place of its own.
 */
#define COUNT(field)          \
	__sync_fetch_and_add( \
		&state.counts[bpf_get_smp_processor_id() & (TRACE_COUNTS_MAX - 1)].field, 1)

/* Records of a second: of one pod, and of the node. The controller sets them. */
const volatile __u32 pod_rate = 1000;
const volatile __u32 node_rate = 5000;

/*
 * Records on their way to the controller. Written by the programs. Full: the record is lost and counted
 * in `state`.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} records SEC(".maps");

/*
 * Network namespaces that the readers with `chosen` in their filter want; the value is the share of the
 * connections there that such a reader follows, in percent. Only http asks for the share. Written by the
 * controller while the reader reads, and deleted when it has left. Read by the programs. Full: the
 * controller is refused, says so, and the namespace is not seen.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_CHOSEN_MAX);
	__type(key, struct trace_choice);
	__type(value, __u32);
} chosen SEC(".maps");

/* Room of this second. */
struct room {
	__u64 second;
	__u64 taken;
};

/*
 * What a pod has taken of its rate, by cgroup; 0: the node. Written and read by the programs. A pod whose
 * row was evicted begins anew: it may take more than its rate, not more than the node's.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PODS_MAX);
	__type(key, __u64);
	__type(value, struct room);
} rooms SEC(".maps");

/* From one tick of the kernel's timer to the next, 1 to 10 ms. */
struct tick {
	__u64 jiffies;
	__u64 second; /* CLOCK_MONOTONIC, when this CPU first asked; 1 at least */
	__u64 taken; /* by `rtt` */
	__u64 node_used_up; /* 1: the room of this second is */
	__u64 used_up[USED_UP_MAX]; /* cgroups whose room is, each by its last bits */
};

/*
 * What this CPU knows until the next tick, so that what is shed costs little: neither `rooms` nor the clock is
 * read again. Written and read by the programs. A place that another pod took: `rooms` is asked again.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tick);
} ticks SEC(".maps");

static __noinline void begin_tick(struct tick *tick, __u64 jiffies)
{
	__builtin_memset(tick, 0, sizeof(*tick)); /* in place: it is larger than a stack */
	tick->jiffies = jiffies;
	tick->second = bpf_ktime_get_ns() / SECOND_NS + 1;
}

static __always_inline struct tick *this_tick(void)
{
	__u32 row = 0;
	struct tick *tick = bpf_map_lookup_elem(&ticks, &row);
	__u64 jiffies = bpf_jiffies64();

	if (tick && tick->jiffies != jiffies)
		begin_tick(tick, jiffies);
	return tick;
}

#endif
