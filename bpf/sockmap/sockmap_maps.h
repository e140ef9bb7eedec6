/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The maps of the sockmap programs. */
#ifndef SHUNT_SOCKMAP_MAPS_H
#define SHUNT_SOCKMAP_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "message_maps.h"

/*
 * Sockets that may be redirected to: both ends of adopted pairs. Written by `adopt` and `sweep`, read
 * by the redirect helper. Twice the pairs. Full: the insert says E2BIG, the connection stays on TCP
 * with REASON_MAP_FULL.
 */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 2 * PAIRS_MAX);
	__type(key, struct end_key);
	__type(value, __u64);
} members SEC(".maps");

#define YOUNG_SLOTS 16384 /* a power of 2 */

/* A connection that has not shown its turns. */
struct young {
	__u64 cookie; /* of the socket; 0: free */
	__u64 netns_cookie;
	__u64 opened_ns; /* CLOCK_MONOTONIC; 0: connect() was called, nobody answered yet */
	struct workload workload;
	__u32 side; /* enum side */
	__u32 endpoint;
	__u32 reason; /* enum reason; TOO_YOUNG: its owner gives the slot back */
	__u32 turns; /* as in struct connection */
};

/*
 * Young connections, each in the slot of its cookie modulo YOUNG_SLOTS. Written by `guard_connect` and by
 * the programs of that socket. Slot taken: the socket gets its row in `connections` at once.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, YOUNG_SLOTS);
	__type(key, __u32);
	__type(value, struct young);
} young_connections SEC(".maps");

/* Where a listener listens, as its children know it. */
struct listener_key {
	__u64 netns_cookie;
	__u64 cgroup_id;
	__u64 port;
};

struct executable {
	__u64 inode; /* 0: several, each in its listener's socket-local storage */
	__u64 dev; /* kernel dev_t */
};

/*
 * The executables behind listening ports. Written by `pair` at listen() and by `mark_workloads`. Full: the
 * longest unused row goes; its children count as of an unknown executable until the next listen().
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listener_key);
	__type(value, struct executable);
} listeners SEC(".maps");

/* Policy per endpoint; written by the controller. Row 0 is the default endpoint. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ENDPOINTS_MAX);
	__type(key, __u32);
	__type(value, struct endpoint_policy);
} endpoint_policies SEC(".maps");

/* Sums per endpoint and CPU; written by all programs, read by the controller. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ENDPOINTS_MAX);
	__type(key, __u32);
	__type(value, struct endpoint_counters);
} counters SEC(".maps");

/* Rows of the node's counters: one for each writer, so that neither overwrites the other. */
enum node_total {
	NODE_TOTAL_PROGRAMS = 0,
	NODE_TOTAL_CONTROLLER = 1, /* CPU 0's copy only */
	NODE_TOTAL_COUNT = 2,
};

/*
 * Sums that belong to no endpoint. One row for the programs; one for the controller, which counts what
 * it does itself. Read by the controller, which adds the two.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, NODE_TOTAL_COUNT);
	__type(key, __u32);
	__type(value, struct node_counters);
} node_totals SEC(".maps");

/* Network namespaces by cookie; written by the controller. Full: the controller reports it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct netns_state);
} netns SEC(".maps");

/* Selectors narrower than a network namespace; written by the controller. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct selector);
	__type(value, __u32);
} selectors SEC(".maps");

/*
 * What is known of workloads; learned by the tracepoint programs, configured by the controller.
 * Full: a new trait is not kept and counted (traits_lost); only the socket that showed it goes to TCP
 * (`shunned`). The controller removes what was not seen for a while, and keeps the rest on disk.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct workload);
	__type(value, struct trait_state);
} traits SEC(".maps");

/*
 * Members that showed a trait which `traits` had no room for: cookie -> trait. Written by the
 * tracepoint programs, read by `sweep`, which makes the pair leave. Full: the oldest row is dropped,
 * the next such call of its socket writes it again.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u32);
} shunned SEC(".maps");

/*
 * Connections that a packet filter may drop packets of: nonce -> 1. Redirected data passes no packet hook,
 * so they stay on TCP. Written by the controller, read by `adopt` and `sweep`. As many as pairs: never full.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PAIRS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u32);
} filtered_pairs SEC(".maps");

/*
 * Workloads whose connections end before they have enough turns -> how many of those looked at did, one
 * after the other. Written by `pair` only. Full: the workload seen longest ago begins anew.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct workload);
	__type(value, __u32);
} short_lived SEC(".maps");

/*
 * Sockets whose reader called splice() while redirected data was queued: cookie -> CLOCK_MONOTONIC of
 * the first such call. splice() cannot see that data. Written by `trace_splice`, emptied by
 * `reset_stuck`, which never meets a socket that has closed: the controller removes its row. Full: the
 * reader goes on spinning until its peer closes.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u64);
} stuck SEC(".maps");

/* Addresses of this host's namespaces; loopback needs no row. Written by the controller. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct address);
	__type(value, __u32);
} local_addresses SEC(".maps");

/* Connection events for whoever watches; a full ring is counted in node_totals. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

#endif
