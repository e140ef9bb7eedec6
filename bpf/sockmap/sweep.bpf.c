// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Sweep: an iterator over all sockets with our state, run by the controller when something changed.
 * It does what no packet triggers: revokes pairs that policy or their own sockets no longer allow,
 * removes members that have gone quiet, adopts pairs whose invitations ran out before the mode did.
 * Not an iterator over TCP sockets: that one waits for the socket lock, which a reader that faults
 * inside recv() may hold for as long as it likes. A kernel may refuse iterators over maps (EPERM was
 * seen on a hardened 6.18): there it goes through the open files of all tasks.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "pair_state.h"

#include "license.h"

/* Reasons after which a pair may be adopted again: none of them lies in the sockets. */
static __always_inline int is_revocable(__u32 reason)
{
	return reason == REASON_POLICY_OFF || reason == REASON_OBSERVE_MODE ||
	       reason == REASON_DRAINING || reason == REASON_SELF_TEST_FAILED ||
	       reason == REASON_PORT_EXCLUDED || reason == REASON_PATH_EXCLUDED;
}

/* Why a member may stay one no longer, or REASON_NONE. */
static __always_inline __u32 revocation(const struct node_config *settings,
					const struct pair_end *mine, const struct pair_end *theirs)
{
	__u32 reason = host_refusal(settings);

	if (!reason)
		reason = endpoint_refusal(mine, theirs);
	if (!reason)
		reason = suitability_refusal(mine, settings);
	/* A closing socket loses its file: its queue may still be read from, leave it alone. */
	return reason == REASON_TOO_YOUNG || reason == REASON_PEER_GONE ? REASON_NONE : reason;
}

/*
 * Nobody can still be on the way to this socket's queue: no redirect was decided for a while, the
 * queue is empty, and no sender holds the psock (its reference count is the map's own).
 */
static __always_inline int is_quiet(const struct sock *sk, const struct pair *pair,
				    const struct pair_end *theirs,
				    const struct node_config *settings)
{
	const struct sk_psock *psock = socket_psock(sk);
	__u64 now = bpf_ktime_get_ns();

	if (now - pair->leaving_ns < settings->quiesce_ns ||
	    now - theirs->last_redirect_ns < settings->quiesce_ns)
		return 0;
	if (!psock || socket_has_queued_messages(sk))
		return 0;
	return READ(psock, refcnt.refs.counter) == 1;
}

static __always_inline int remove_member(struct connection *connection)
{
	struct end_key key = {connection->nonce, connection->side};

	return bpf_map_delete_elem(&members, &key);
}

/* Showed a trait for which there was no room; asked once, because what leaves for it stays out. */
static __always_inline __u32 shunned_reason(const struct connection *connection)
{
	__u64 cookie = connection->cookie;

	return bpf_map_delete_elem(&shunned, &cookie) ? REASON_NONE : REASON_WORKLOAD_TRAIT;
}

static __always_inline void sweep_member(struct sock *sk, struct connection *connection,
					 struct pair *pair, struct node_config *settings)
{
	struct pair_end *mine = end_of(pair, connection->side);
	struct pair_end *theirs = end_of(pair, !connection->side);
	__u32 reason;

	if (!pair->leaving_ns) {
		reason = revocation(settings, mine, theirs);
		if (!reason)
			reason = pair_refusal(pair);
		if (!reason)
			reason = shunned_reason(connection);
		if (!reason)
			return;
		begin_leaving(pair, settings, reason);
		if (event_is_wanted(settings, EVENT_SPILL))
			emit_event(sk, connection, EVENT_SPILL, reason, 0);
	}
	mine->step = STEP_LEAVING;
	if (!is_quiet(sk, pair, theirs, settings)) {
		settings->sweep_wanted = 1;
		return;
	}
	remove_member(connection);
	mine->step = STEP_LEFT;
	mine->reason = pair->leaving_reason;
	connection->flags &= ~(CONNECTION_WAS_MEMBER | CONNECTION_PEER_READY);
	count_connection_reason(connection->endpoint, pair->leaving_reason);
}

static __always_inline void sweep_outsider(struct sock *sk, struct connection *connection,
					   struct pair *pair, struct node_config *settings)
{
	struct pair_end *mine = end_of(pair, connection->side);
	struct pair_end *theirs = end_of(pair, !connection->side);

	if (pair->consumed != NONCE_CONSUMED)
		return;
	if (pair->leaving_ns) {
		/* Both must have left: the one that stayed would be redirected to. */
		if (is_member(theirs) || !is_revocable(pair->leaving_reason) ||
		    host_refusal(settings) || endpoint_refusal(mine, theirs) || pair_refusal(pair))
			return;
		connection->flags &= ~CONNECTION_PEER_READY;
		pair->leaving_ns = 0;
		mine->step = theirs->step = STEP_PAIRED;
	}
	mine->reason = adoption_refusal(settings, mine, theirs) ?: pair_refusal(pair);
	if (!mine->reason && READ(sk, __sk_common.skc_state) == TCP_ESTABLISHED_STATE)
		ADOPT(sk, connection, mine, settings);
}

/* A former member that was connected again: out of the map as soon as nothing is queued. */
static __always_inline void sweep_reconnected(const struct sock *sk, struct connection *connection)
{
	if (socket_has_queued_messages(sk))
		return;
	if (!remove_member(connection))
		connection->flags &= ~CONNECTION_WAS_MEMBER;
}

static __always_inline void sweep_socket(struct sock *sk, struct connection *connection,
					 struct node_config *settings)
{
	struct pair *pair;
	__u64 nonce;

	if (!connection->nonce)
		return;
	if (connection->reason == REASON_RECONNECT) {
		if (connection->flags & CONNECTION_WAS_MEMBER)
			sweep_reconnected(sk, connection);
		return;
	}
	pair = find_pair(connection->nonce);
	if (!pair || end_of(pair, connection->side)->cookie != connection->cookie)
		return;
	if (settings->policy_changed) {
		connection->endpoint = endpoint_now(settings, sk, connection);
		end_of(pair, connection->side)->endpoint = connection->endpoint;
	}
	nonce = connection->nonce; /* 6.1: what an iterator hands out is no key */
	if (hear_refusal(connection, pair)) /* it may have no more data to send */
		bpf_map_delete_elem(&pairs, &nonce);
	else if (is_member(end_of(pair, connection->side)))
		sweep_member(sk, connection, pair, settings);
	else
		sweep_outsider(sk, connection, pair, settings);
}

SEC("?iter/bpf_sk_storage_map")
int sweep(struct bpf_iter__bpf_sk_storage_map *context)
{
	struct node_config *settings = node_settings();

	if (context->sk && context->value && settings)
		sweep_socket(context->sk, context->value, settings);
	return 0;
}

/* Sockets that no task has open have no reader either: theirs stay as they are until they close. */
SEC("?iter/task_file")
int sweep_files(struct bpf_iter__task_file *context)
{
	struct node_config *settings = node_settings();
	struct file *file = context->file;
	struct connection *connection;
	struct socket *socket;
	struct sock *sk;

	if (!context->task || !file || !settings)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk || READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (connection)
		sweep_socket(sk, connection, settings);
	return 0;
}
