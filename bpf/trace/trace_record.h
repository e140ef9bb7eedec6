/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* How a module decides who wants to know of a socket, and what it writes down of it. */
#ifndef SHUNT_TRACE_RECORD_H
#define SHUNT_TRACE_RECORD_H

#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include "trace_maps.h"
#include "kernel_types.h"
#include "sockmap/sock_reads.h"

#define CGROUP_LEVELS_MAX 16
/* 2^64 divided by the golden ratio: numbers that follow each other are spread evenly (Knuth, TAOCP 6.4). */
#define SPREAD 0x9e3779b97f4a7c15ULL
/* Of records that may wait to be read, and after which more the controller is not woken again. */
#define WAITING_BYTES 65536
#define WAKING_BYTES 8192 /* more than a record has */
#define AF_INET 2
/* include/net/tcp_states.h */
#define TCP_SYN_SENT_STATE 2
#define TCP_SYN_RECV_STATE 3
#define TCP_FIN_WAIT1_STATE 4
#define TCP_LAST_ACK_STATE 9

/*
 * Functions that are not static are verified once each, not once a call: eight readers, each with sixteen
 * cgroups to compare, are more paths than the verifier walks.
 */
__noinline int is_in_cgroup(__u64 group, __u64 cgroup_id)
{
	const struct cgroup *at = (const void *)group;
	int level;

	for (level = 0; level < CGROUP_LEVELS_MAX && at; level++) {
		if (READ(at, kn, id) == cgroup_id)
			return 1;
		at = READ(at, self.parent, cgroup);
	}
	return 0;
}

/* The tracepoints also fire for other protocols. */
static __always_inline int is_tcp(const struct sock *sk)
{
	__u16 family = READ(sk, __sk_common.skc_family);

	return READ(sk, sk_protocol) == IPPROTO_TCP && (family == AF_INET || family == AF_INET6);
}

static __always_inline __u64 socket_cgroup_id(const struct sock *sk)
{
	return READ(sk, sk_cgrp_data.cgroup, kn, id);
}

/* What filters look at. */
static __always_inline void see_ports(struct trace_socket *socket, const struct sock *sk)
{
	const struct inet_sock *inet = (const void *)sk;

	socket->netns_cookie = socket_netns_cookie(sk);
	/* A socket that fails has given its port back by now, and this is what it was. */
	socket->local_port = bpf_ntohs(READ(inet, inet_sport));
	socket->remote_port = socket_remote_port(sk);
}

/* All else. */
static __always_inline void see_addresses(struct trace_socket *socket, const struct sock *sk)
{
	socket->cgroup_id = socket_cgroup_id(sk);
	socket_addresses(sk, &socket->local, &socket->remote);
	socket->pad = 0;
}

static __always_inline void see_socket(struct trace_socket *socket, const struct sock *sk)
{
	see_ports(socket, sk);
	see_addresses(socket, sk);
}

static __always_inline int socket_error(const struct sock *sk)
{
	return READ((const struct sock___error *)sk, sk_err);
}

/* Only where the kernel surely runs for the process that is meant. */
static __always_inline void see_process(struct trace_process *process)
{
	process->pid = bpf_get_current_pid_tgid() >> 32;
	if (bpf_get_current_comm(process->command, sizeof(process->command)))
		process->command[0] = 0;
	process->pad = 0;
}

/* What filters look at beside the addresses. The verifier lets a function take the address this way. */
struct subject {
	__u64 group; /* kernel address of the struct cgroup */
	__u64 pid;
};

/* In percent; 0: the reader has not chosen this network namespace. */
static __always_inline __u32 find_share(__u32 reader, __u64 netns_cookie)
{
	struct trace_choice choice = {.netns_cookie = netns_cookie, .reader = reader};
	const __u32 *percent = bpf_map_lookup_elem(&chosen, &choice);

	return percent ? *percent : 0;
}

/* 1: this reader wants to know of the socket. */
__noinline int is_wanted(__u32 reader, const struct trace_socket *socket,
			 const struct subject *subject)
{
	const struct trace_filter *filter = &state.readers[reader % TRACE_READERS_MAX];

	if (!socket || !subject)
		return 0;
	if (filter->pid && filter->pid != subject->pid)
		return 0;
	if (filter->netns_cookie && filter->netns_cookie != socket->netns_cookie)
		return 0;
	if (filter->chosen && !find_share(reader, socket->netns_cookie))
		return 0;
	if (filter->port && filter->port != socket->local_port &&
	    filter->port != socket->remote_port)
		return 0;
	return !filter->cgroup_id || is_in_cgroup(subject->group, filter->cgroup_id);
}

/* Bit per reader whose filter lets the socket through. */
__noinline __u32 filter_readers(const struct trace_socket *socket, const struct subject *subject)
{
	__u32 readers = 0, i;

	if (!socket || !subject)
		return 0;
	for (i = 0; i < TRACE_READERS_MAX; i++) {
		if (state.filtered & (1U << i))
			readers |= (__u32)(is_wanted(i, socket, subject) == 1) << i;
	}
	return readers;
}

/* Bit per reader that wants to know of the socket. */
static __always_inline __u32 find_readers(const struct trace_socket *socket,
					  const struct subject *subject)
{
	return state.filtered ? state.unfiltered | filter_readers(socket, subject)
			      : state.unfiltered;
}

static __always_inline void count_matched(__u32 readers)
{
	__u32 i;

	for (i = 0; readers && i < TRACE_READERS_MAX; i++, readers >>= 1) {
		if (readers & 1)
			COUNT(matched[i]);
	}
}

/* The same, and each of them has it counted. */
static __always_inline __u32 match_readers(const struct trace_socket *socket,
					   const struct subject *subject)
{
	__u32 readers = find_readers(socket, subject);

	count_matched(readers);
	return readers;
}

static __always_inline struct subject subject_of(const struct sock *sk, __u32 pid)
{
	struct subject subject = {.group = (__u64)READ(sk, sk_cgrp_data.cgroup), .pid = pid};

	return subject;
}

/* 1: there is room in this second. Two CPUs that begin a second together may grant a record twice. */
static __always_inline int take_room(__u64 cgroup_id, __u32 rate, __u64 second)
{
	struct room *room = bpf_map_lookup_elem(&rooms, &cgroup_id);
	struct room fresh = {.second = second, .taken = 1};

	if (!room) {
		bpf_map_update_elem(&rooms, &cgroup_id, &fresh, BPF_ANY);
		return 1;
	}
	/* Another CPU may be in the next one already, by a tick. */
	if (room->second < second) {
		room->second = second;
		room->taken = 0;
	}
	return room->taken < rate && __sync_fetch_and_add(&room->taken, 1) < rate;
}

static __noinline int find_room(__u64 cgroup_id, struct trace_cpu *tick)
{
	if (!take_room(cgroup_id, pod_rate, tick->second)) {
		tick->used_up[cgroup_id & (TRACE_USED_UP_MAX - 1)] = cgroup_id;
		tick->last_used_up = cgroup_id;
		return 0;
	}
	if (!take_room(0, node_rate, tick->second)) {
		tick->node_used_up = 1;
		return 0;
	}
	return 1;
}

/* A kernel socket may have no cgroup: 0. A place that another one took: `rooms` is asked again. */
static __always_inline int is_used_up(const struct trace_cpu *tick, __u64 cgroup_id)
{
	if (tick->node_used_up)
		return 1;
	return cgroup_id && (tick->last_used_up == cgroup_id ||
			     tick->used_up[cgroup_id & (TRACE_USED_UP_MAX - 1)] == cgroup_id);
}

/* 1: a record may be written; else it is counted as shed. */
static __always_inline int is_permitted(__u64 cgroup_id)
{
	struct trace_cpu *tick = this_tick();

	if (tick && !is_used_up(tick, cgroup_id) && find_room(cgroup_id, tick))
		return 1;
	COUNT(shed);
	return 0;
}

/* The one that what is shed now is shed in: there is no more room before its end. */
static __always_inline __u64 this_second(void)
{
	const struct trace_cpu *tick = this_tick();

	return tick ? tick->second : 0;
}

static __noinline __u32 readers_by_filter(const struct sock *sk, __u32 pid)
{
	struct subject subject = subject_of(sk, pid);
	struct trace_socket socket = {};

	see_ports(&socket, sk);
	return find_readers(&socket, &subject);
}

/* Bit per reader that wants to know of @sk. @pid: whose it is, if that is known; else 0. */
static __always_inline __u32 readers_of(const struct sock *sk, __u32 pid)
{
	return state.filtered ? readers_by_filter(sk, pid) : state.unfiltered;
}

static __always_inline int is_permitted_for(const struct sock *sk)
{
	return is_permitted(socket_cgroup_id(sk));
}

/*
 * 1: there is no more room in this second for what @sk does, which is counted: no more of it need be looked at.
 * Not while a reader wants to know of a process: whose a socket is, the kernel does not tell at each change.
 */
static __always_inline int is_shed_unseen(const struct sock *sk)
{
	const struct trace_cpu *tick = this_tick();
	__u32 readers;

	if (!tick || state.by_process || !is_used_up(tick, socket_cgroup_id(sk)))
		return 0;
	readers = readers_of(sk, 0);
	count_matched(readers);
	if (readers)
		COUNT(shed);
	return 1;
}

/*
 * The controller looks ten times a second. To wake it for each record costs some microseconds, and in a virtual
 * machine, which has to leave for it, more than twenty. Awake, it reads until nothing is left.
 */
static __always_inline __u64 wakeup_flag(void)
{
	__u64 waiting = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA);

	return waiting - WAITING_BYTES < WAKING_BYTES ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

static __always_inline void write_record(const void *record, __u32 bytes)
{
	if (bpf_ringbuf_output(&records, (void *)record, bytes, wakeup_flag()))
		COUNT(lost);
}

#endif
