/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What is noted when a connection opens, and when a socket starts to listen for some. */
#ifndef SHUNT_OPENING_H
#define SHUNT_OPENING_H

#include "callbacks.h"
#include "young.h"

/* What is known of an end when its connection opens, but for policy. */
static __always_inline void open_young(struct young *young, const struct connection *connection,
				       const struct sock *sk, __u32 side)
{
	__u64 cookie = socket_cookie(sk);

	if (connection)
		young->workload = connection->workload;
	else if (side == SIDE_PASSIVE)
		workload_from_listener(&young->workload, sk);
	else if (!load_young(young, cookie)) /* connect() was called before the node watched */
		__builtin_memset(young, 0, sizeof(*young));
	young->cookie = cookie;
	young->workload.cgroup_id = READ(sk, sk_cgrp_data.cgroup, kn, id);
	young->netns_cookie = socket_netns_cookie(sk);
	young->opened_ns = bpf_ktime_get_ns();
	young->side = side;
	young->turns = 0;
}

/* 0: there is no memory for it. What is refused is kept for `dump_connections` only. */
static __always_inline int keep_state(struct bpf_sock *sk, struct connection *connection,
				      const struct young *young)
{
	int is_watched = awaits_turns(young->reason);

	if (!connection) {
		if (keep_young(young) || !is_watched)
			return 1;
		connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	}
	if (!connection) {
		COUNT_NODE(storage_failed);
		return 0;
	}
	start_connection(connection, young);
	connection->flags = is_watched ? CONNECTION_WATCHED : 0;
	return 1;
}

/* Both ends: what forbids pairing for good is found at once, and costs nothing more. */
static __always_inline void established(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					struct tcp_sock *tp, struct node_config *settings)
{
	__u32 side = ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ? SIDE_ACTIVE : SIDE_PASSIVE;
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct young young = {};
	__u32 refusal, callbacks;

	if (connection && side == SIDE_ACTIVE && connection->flags & CONNECTION_WAS_MEMBER) {
		/* Still in `members` under its old nonce: `sweep` takes it out when it is quiet. */
		refuse(connection, REASON_RECONNECT);
		settings->sweep_wanted = 1;
		return;
	}
	bpf_get_socket_cookie(ops); /* gives the socket its cookie if it has none yet */
	open_young(&young, connection, (void *)tp, side);
	refusal = pairing_refusal(settings, (void *)tp, &young);
	if (may_be_known_soon(settings, &young, refusal))
		refusal = REASON_NONE; /* asked again when its turns are enough */
	young.reason = refusal ?: REASON_TOO_YOUNG;
	if (!refusal && workload_shows(&young.workload, settings, TRAIT_ONE_REQUEST))
		young.reason = REASON_ONE_REQUEST;
	if (!keep_state(sk, connection, &young))
		return;
	/* One of many short ones is counted now: most likely it has nothing to tell when it closes. */
	if (young.reason != REASON_TOO_YOUNG)
		count_connection_reason(young.endpoint, young.reason);
	if (refusal)
		return;
	callbacks = side == SIDE_ACTIVE ? BPF_SOCK_OPS_RTT_CB_FLAG
					: BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG;
	if (young.reason == REASON_TOO_YOUNG)
		callbacks |= BPF_SOCK_OPS_STATE_CB_FLAG;
	set_callbacks(ops, callbacks, 0);
}

static __always_inline void listening(struct bpf_sock *sk, const struct tcp_sock *tp)
{
	struct workload workload;
	struct connection *connection;

	workload_from_current(&workload);
	if (row_tells((const void *)tp, &workload))
		return;
	connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (connection)
		connection->workload = workload;
	else
		COUNT_NODE(storage_failed);
}

#endif
