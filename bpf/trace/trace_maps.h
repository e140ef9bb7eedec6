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
#define SECOND_NS 1000000000ULL

/* Who reads. Written by the controller. */
struct trace_state state;

/*
 * One row for each CPU that there may be; the controller says how many. CPUs that count in one word would take turns
 * at its cache line, which takes longer than what is counted. A map that can be mapped begins with a page, so that
 * rows begin with a cache line.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct trace_cpu);
} cpus SEC(".maps");

static __always_inline struct trace_cpu *this_cpu(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &cpu);
}

/* Another program of the module may interrupt this one. */
#define COUNT(field)                                         \
	do {                                                 \
		struct trace_cpu *at = this_cpu();           \
		if (at)                                      \
			__sync_fetch_and_add(&at->field, 1); \
	} while (0)

/* Records of a second: of one pod, and of the node. The controller sets them. */
const volatile __u32 pod_rate = 1000;
const volatile __u32 node_rate = 5000;

/*
 * Records on their way to the controller. Written by the programs. Full: the record is lost and counted
 * in `cpus`.
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

static __noinline void begin_tick(struct trace_cpu *cpu, __u64 jiffies)
{
	cpu->jiffies = jiffies;
	cpu->second = bpf_ktime_get_ns() / SECOND_NS + 1;
	cpu->last_used_up = 0;
	cpu->node_used_up = 0;
	cpu->taken = 0;
	__builtin_memset(cpu->used_up, 0, sizeof(cpu->used_up));
}

/* What this CPU knows; neither `rooms` nor the clock need be read again before the next tick. */
static __always_inline struct trace_cpu *this_tick(void)
{
	struct trace_cpu *cpu = this_cpu();
	__u64 jiffies = bpf_jiffies64();

	if (cpu && cpu->jiffies != jiffies)
		begin_tick(cpu, jiffies);
	return cpu;
}

#endif
