/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Connections that have not shown their turns yet, and the listeners that they come from. Socket-local
 * storage is half of what standing aside costs a connection of one request (two allocations an end, and
 * frees that wait for RCU), so a connection gets it only when it lasts; until then it has a slot here. So
 * does one that was refused, for those who ask why.
 */
#ifndef SHUNT_YOUNG_H
#define SHUNT_YOUNG_H

#include "pair_state.h"

#define YOUNG_BUSY (~0ULL) /* instead of a cookie: somebody writes this slot */

/* Else the connection was refused, or is not established yet. */
static __always_inline int awaits_turns(__u32 reason)
{
	return reason == REASON_TOO_YOUNG || reason == REASON_ONE_REQUEST;
}

static __always_inline struct young *young_slot(__u64 cookie)
{
	__u32 row = cookie & (YOUNG_SLOTS - 1);

	return bpf_map_lookup_elem(&young_connections, &row);
}

/*
 * Cookies count up, so that a slot is asked for again YOUNG_SLOTS sockets later. One whose owner gives it
 * back when it closes is not taken from it; the others may be gone.
 */
static __always_inline int may_be_taken(const struct young *slot, __u64 held, __u64 cookie)
{
	if (!held || held == cookie)
		return 1;
	return held != YOUNG_BUSY && slot->reason != REASON_TOO_YOUNG;
}

/* 0: the slot is another's. */
static __noinline int keep_young(const struct young *young)
{
	struct young *slot;
	__u64 held;

	if (!young)
		return 0;
	slot = young_slot(young->cookie);
	if (!slot)
		return 0;
	held = slot->cookie;
	if (!may_be_taken(slot, held, young->cookie) ||
	    __sync_val_compare_and_swap(&slot->cookie, held, YOUNG_BUSY) != held)
		return 0;
	slot->netns_cookie = young->netns_cookie;
	slot->opened_ns = young->opened_ns;
	slot->workload = young->workload;
	slot->side = young->side;
	slot->endpoint = young->endpoint;
	slot->reason = young->reason;
	slot->turns = young->turns;
	/* A full barrier, after which the slot may be read. */
	__sync_val_compare_and_swap(&slot->cookie, YOUNG_BUSY, young->cookie);
	return 1;
}

/* The slot of this socket, or NULL: it has none, or lost it. */
static __always_inline struct young *find_young(__u64 cookie)
{
	struct young *slot = young_slot(cookie);

	return slot && cookie && slot->cookie == cookie ? slot : 0;
}

/* Copies the slot of this socket. 0: it has none, or lost it meanwhile. */
static __always_inline int load_young(struct young *young, __u64 cookie)
{
	const struct young *slot = find_young(cookie);

	if (!slot)
		return 0;
	*young = *slot;
	barrier();
	return slot->cookie == cookie && young->cookie == cookie;
}

static __always_inline void drop_young(__u64 cookie)
{
	struct young *slot = find_young(cookie);

	if (slot)
		__sync_val_compare_and_swap(&slot->cookie, cookie, 0);
}

/* Everything but the workload belongs to an earlier connection of a reused or cloned socket. */
static __always_inline void start_connection(struct connection *connection,
					     const struct young *young)
{
	__builtin_memset(connection, 0, sizeof(*connection));
	connection->netns_cookie = young->netns_cookie;
	connection->cookie = young->cookie;
	connection->opened_ns = young->opened_ns;
	connection->last_tcp_ns = young->opened_ns;
	connection->workload = young->workload;
	connection->side = young->side;
	connection->endpoint = young->endpoint;
	connection->reason = young->reason;
	connection->turns = young->turns;
}

/* A young connection lasts, or is about to be paired: from its slot to socket-local storage. */
static __noinline struct connection *promote(struct bpf_sock *sk, __u64 cookie)
{
	struct connection *connection;
	struct young young;

	if (!sk || !load_young(&young, cookie) || !awaits_turns(young.reason))
		return 0;
	connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!connection) {
		COUNT_NODE(storage_failed);
		return 0;
	}
	start_connection(connection, &young);
	connection->flags = CONNECTION_WATCHED;
	drop_young(cookie);
	return connection;
}

static __always_inline void refuse(struct connection *connection, __u32 reason)
{
	connection->reason = reason;
	count_connection_reason(connection->endpoint, reason);
}

static __always_inline struct listener_key listener_of(const struct sock *sk)
{
	struct listener_key key = {
		.netns_cookie = socket_netns_cookie(sk),
		.cgroup_id = READ(sk, sk_cgrp_data.cgroup, kn, id),
		.port = socket_local_port(sk),
	};

	return key;
}

/* The workload that accepted @sk, as far as its listener's row tells. */
static __always_inline void workload_from_listener(struct workload *workload, const struct sock *sk)
{
	struct listener_key key = listener_of(sk);
	const struct executable *executable = bpf_map_lookup_elem(&listeners, &key);

	workload->cgroup_id = key.cgroup_id;
	workload->exe_inode = executable ? executable->inode : 0;
	workload->exe_dev = executable ? executable->dev : 0;
	workload->pad = 0;
}

/*
 * A listener's children cannot be led back to it, only to its port. Where two executables of a cgroup
 * have shared one, each listener keeps its own in socket-local storage, which children start with.
 * Returns 1: the row is enough.
 */
static __always_inline int row_tells(const struct sock *sk, const struct workload *workload)
{
	struct listener_key key = listener_of(sk);
	struct executable mine = {.inode = workload->exe_inode, .dev = workload->exe_dev};
	struct executable *known = bpf_map_lookup_elem(&listeners, &key);

	if (!known)
		return !bpf_map_update_elem(&listeners, &key, &mine, BPF_NOEXIST);
	if (known->inode == mine.inode && known->dev == mine.dev)
		return 1;
	known->inode = 0;
	known->dev = 0;
	return 0;
}

#endif
