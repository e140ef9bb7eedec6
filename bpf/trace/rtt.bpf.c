// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The smoothed round trip time that TCP itself goes by, each time a segment arrives on an established
 * connection. Counted here, in a histogram of each pair of addresses: a record a segment would cost more
 * than the segment. Acknowledgements arrive outside of processes, so no process is told.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "trace_record.h"

#include "license.h"

#define RTT_PAIRS_MAX 4096
/*
 * TCP smooths over some eight round trips (RFC 6298), so that few segments tell as much once a connection lasts,
 * or where many begin; looking at each of them took a quarter of a busy server's requests.
 */
#define ALL_SEGMENTS 64
#define LATER_SEGMENTS 16
/* So many of the first ones are counted by a CPU from one tick of the kernel's timer to the next (1 to 10 ms). */
#define TICK_SEGMENTS 8

#define SRTT_SHIFT 3 /* include/linux/tcp.h: srtt_us is in eighths */

/*
 * Written by the programs, read by the controller, which deletes the rows of a reader that leaves; of one
 * that chooses, those of network namespaces that it does not choose any more and, from half full on, those
 * that have not changed for long. Full: the round trip is not counted here; counted as untracked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, RTT_PAIRS_MAX);
	__type(key, struct trace_pair);
	__type(value, struct trace_rtt);
} round_trips SEC(".maps");

static __always_inline __u32 bucket_of(__u32 value)
{
	__u32 bucket = 0, step;

#pragma unroll
	for (step = 16; step; step >>= 1) {
		if (value >> step) {
			value >>= step;
			bucket += step;
		}
	}
	return bucket < TRACE_RTT_BUCKETS ? bucket : TRACE_RTT_BUCKETS - 1;
}

static __always_inline struct trace_rtt *row_of(const struct trace_pair *pair)
{
	struct trace_rtt *row = bpf_map_lookup_elem(&round_trips, pair);
	struct trace_rtt fresh = {.least_us = ~0U};

	if (row)
		return row;
	bpf_map_update_elem(&round_trips, pair, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&round_trips, pair);
}

/* Static: Linux 6.1 refuses the pointer that a global function was given as the key of a map. */
static __noinline int count_round_trip(const struct trace_pair *pair, __u32 srtt_us)
{
	struct trace_rtt *row;
	__u32 bucket;

	row = row_of(pair);
	if (!row) {
		COUNT(untracked);
		return 0;
	}
	bucket = bucket_of(srtt_us);
	if (bucket < TRACE_RTT_BUCKETS)
		__sync_fetch_and_add(&row->buckets[bucket], 1);
	__sync_fetch_and_add(&row->sum_us, srtt_us);
	/* Two CPUs at once may keep the lesser extreme; the next sample of the kind corrects it. */
	if (srtt_us < row->least_us)
		row->least_us = srtt_us;
	if (srtt_us > row->most_us)
		row->most_us = srtt_us;
	return 0;
}

/*
 * 1: this segment is one of LATER_SEGMENTS. Not by number: where several arrive as one, the
 * numbers of some connections would never be among those.
 */
static __always_inline int is_drawn(__u32 number)
{
	return number * SPREAD <= ~0ULL / LATER_SEGMENTS;
}

/* 1: this CPU has counted few since the last tick. */
static __always_inline int has_turn(const struct trace_cpu *tick)
{
	return tick && tick->taken < TICK_SEGMENTS;
}

/* A function of its own: what most segments are left at need not make room for its variables. */
static __noinline void count_for(__u32 readers, const struct sock *sk, __u32 srtt_us)
{
	struct trace_pair pair = {.netns_cookie = socket_netns_cookie(sk),
				  .cgroup_id = socket_cgroup_id(sk)};
	__u32 i;

	socket_addresses(sk, &pair.local, &pair.remote);
	for (i = 0; i < TRACE_READERS_MAX; i++) {
		if (readers & (1U << i)) {
			pair.reader = i;
			count_round_trip(&pair, srtt_us);
		}
	}
}

static __always_inline int see_segment(const struct sock *sk)
{
	const struct tcp_sock___trace *tp = (const void *)sk;
	__u32 number = READ(tp, segs_in), srtt_us, readers;
	struct trace_cpu *tick = 0;

	if (!is_drawn(number)) {
		if (number > ALL_SEGMENTS)
			return 0;
		tick = this_tick();
		if (!has_turn(tick))
			return 0;
	}
	srtt_us = READ(tp, srtt_us) >> SRTT_SHIFT;
	if (!srtt_us)
		return 0; /* not measured yet */
	readers = readers_of(sk, 0);
	if (!readers)
		return 0;
	if (tick)
		tick->taken++;
	count_matched(readers);
	count_for(readers, sk, srtt_us);
	return 0;
}

SEC("?fentry/tcp_rcv_established")
int rtt_fentry(__u64 *arguments)
{
	return see_segment((const void *)arguments[0]);
}

SEC("?tp_btf/tcp_probe")
int rtt_btf(__u64 *arguments)
{
	return see_segment((const void *)arguments[0]);
}

SEC("?raw_tp/tcp_probe")
int rtt_raw(struct bpf_raw_tracepoint_args *arguments)
{
	return see_segment((const void *)arguments->args[0]);
}
