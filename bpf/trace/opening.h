/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Sockets between connect() and its outcome. The outcome comes with a packet or a timer, when any process
 * may be running: who called connect() is written down while it is sure.
 */
#ifndef SHUNT_OPENING_H
#define SHUNT_OPENING_H

#include "trace_record.h"

#define OPENINGS_MAX 16384

struct opening {
	__u64 begin_ns; /* CLOCK_MONOTONIC */
	struct trace_process process;
};

/*
 * Key: kernel address of the struct sock. Written when its SYN goes out, deleted with the outcome. Full:
 * this connect() is not seen; counted as untracked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OPENINGS_MAX);
	__type(key, __u64);
	__type(value, struct opening);
} openings SEC(".maps");

static __always_inline void begin_opening(const struct sock *sk)
{
	struct opening opening = {.begin_ns = bpf_ktime_get_ns()};
	__u64 key = (__u64)sk;

	see_process(&opening.process);
	if (bpf_map_update_elem(&openings, &key, &opening, BPF_ANY))
		__sync_fetch_and_add(&state.untracked, 1);
}

/* 0: @opening is what was written down, and it is over. */
static __always_inline int end_opening(const struct sock *sk, struct opening *opening)
{
	__u64 key = (__u64)sk;
	const struct opening *found = bpf_map_lookup_elem(&openings, &key);

	if (!found)
		return -1;
	__builtin_memcpy(opening, found, sizeof(*opening));
	bpf_map_delete_elem(&openings, &key);
	return 0;
}

#endif
