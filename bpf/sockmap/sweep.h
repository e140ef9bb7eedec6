/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What a sweep does with an end of a pair, whichever way it has met it. */
#ifndef SHUNT_SWEEP_H
#define SHUNT_SWEEP_H

#include "counters.h"
#include "pair_state.h"

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

static __always_inline int remove_member(__u64 nonce, __u32 side)
{
	struct end_key key = {nonce, side};

	return bpf_map_delete_elem(&members, &key);
}

/* Showed a trait for which there was no room; asked once, because what leaves for it stays out. */
static __always_inline __u32 shunned_reason(__u64 cookie)
{
	return bpf_map_delete_elem(&shunned, &cookie) ? REASON_NONE : REASON_WORKLOAD_TRAIT;
}

static __always_inline __u32 member_refusal(const struct node_config *settings,
					    const struct pair *pair, const struct pair_end *mine,
					    const struct pair_end *theirs)
{
	return revocation(settings, mine, theirs) ?: pair_refusal(pair) ?: shunned_reason(mine->cookie);
}

/* @connection: NULL when its socket is out of reach: it is told nothing then. 1: it has left. */
static __always_inline int sweep_member(struct pair *pair, __u64 nonce, __u32 side,
					struct connection *connection, struct node_config *settings)
{
	struct pair_end *mine = end_of(pair, side);
	const struct sock *sk = (const void *)mine->sk;
	struct pair_end *theirs = end_of(pair, !side);
	__u32 reason;
	int quiet;

	if (!pair->leaving_ns) {
		reason = member_refusal(settings, pair, mine, theirs);
		if (!reason)
			return 0;
		begin_leaving(pair, settings, reason);
		if (connection && event_is_wanted(settings, EVENT_SPILL))
			emit_event(sk, connection, EVENT_SPILL, reason, 0);
	}
	mine->step = STEP_LEAVING;
	quiet = is_quiet(sk, pair, theirs, settings);
	if (!socket_is(sk, mine->cookie))
		return 0; /* it has closed, and with it its entry */
	if (!quiet) {
		settings->sweep_wanted = 1;
		return 0;
	}
	remove_member(nonce, side);
	mine->step = STEP_LEFT;
	mine->reason = pair->leaving_reason;
	count_connection_reason(mine->endpoint, pair->leaving_reason);
	return 1;
}

/* @held: the socket, as the verifier lets it be inserted. */
static __always_inline void sweep_outsider(void *held, struct connection *connection,
					   struct pair *pair, struct node_config *settings)
{
	struct pair_end *mine = end_of(pair, connection->side);
	struct pair_end *theirs = end_of(pair, !connection->side);
	const struct sock *sk = (const void *)mine->sk;

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
		ADOPT(held, connection, mine, settings);
}

static __always_inline void sweep_pair(void *held, struct connection *connection, struct pair *pair,
				       struct node_config *settings)
{
	struct pair_end *mine = end_of(pair, connection->side);
	__u64 nonce = connection->nonce; /* 6.1: what an iterator hands out is no key */

	if (mine->cookie != connection->cookie)
		return;
	if (settings->policy_changed) {
		connection->endpoint = endpoint_now(settings, (const void *)mine->sk, connection);
		mine->endpoint = connection->endpoint;
	}
	if (hear_refusal(connection, pair)) /* it may have no more data to send */
		bpf_map_delete_elem(&pairs, &nonce);
	else if (!is_member(mine))
		sweep_outsider(held, connection, pair, settings);
	else if (sweep_member(pair, nonce, connection->side, connection, settings))
		connection->flags &= ~(CONNECTION_WAS_MEMBER | CONNECTION_PEER_READY);
}

#endif
