/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Rules over a pair's row that more than one program applies. */
#ifndef SHUNT_PAIR_STATE_H
#define SHUNT_PAIR_STATE_H

#include "learn.h"

/* The row of this nonce, or NULL when it is gone or was reused for another connection. */
static __always_inline struct pair *find_pair(__u64 nonce)
{
	struct pair *pair = bpf_map_lookup_elem(&pairs, &nonce);

	return pair && pair->nonce == nonce ? pair : 0;
}

static __always_inline struct pair_end *end_of(struct pair *pair, __u32 side)
{
	return side ? &pair->end[SIDE_PASSIVE] : &pair->end[SIDE_ACTIVE];
}

/* Why an end that has no pair has none. A passive end only waits: many turns, and nobody offered. */
static __always_inline __u32 unpaired_reason(__u32 reason, __u32 side, const struct tcp_sock *tp,
					     const struct node_config *settings)
{
	if (reason == REASON_TOO_YOUNG && side == SIDE_PASSIVE &&
	    READ(tp, data_segs_in) > settings->adopt_turns + 1 &&
	    READ(tp, data_segs_out) > settings->adopt_turns)
		return REASON_UNPAIRED;
	return reason;
}

/* The active end makes the passive end's reason its own. 1: nothing will come of this pair. */
static __always_inline int hear_refusal(struct connection *connection, const struct pair *pair)
{
	if (pair->consumed != NONCE_REFUSED)
		return 0;
	connection->reason = pair->end[SIDE_PASSIVE].reason;
	return 1;
}

static __noinline int port_of_end_is_excluded(const struct pair_end *end, __u32 side)
{
	const struct sock *sk;
	__u16 port;

	if (!end)
		return 0;
	sk = (const void *)end->sk;
	port = side == SIDE_ACTIVE ? socket_remote_port(sk) : socket_local_port(sk);
	return port_is_excluded(endpoint_policy(end->endpoint), port) && socket_is(sk, end->cookie);
}

/*
 * Why a pair as a whole stays on TCP, or REASON_NONE: a packet filter may drop packets of it, or policy
 * leaves out its port, which may have changed since the pair was made.
 */
static __noinline __u32 pair_refusal(const struct pair *pair)
{
	__u64 nonce;

	if (!pair)
		return REASON_PEER_GONE;
	nonce = pair->nonce;
	if (bpf_map_lookup_elem(&filtered_pairs, &nonce))
		return REASON_POLICY_OFF;
	return port_of_end_is_excluded(&pair->end[SIDE_ACTIVE], SIDE_ACTIVE) ||
			       port_of_end_is_excluded(&pair->end[SIDE_PASSIVE], SIDE_PASSIVE)
		       ? REASON_PORT_EXCLUDED
		       : REASON_NONE;
}

static __always_inline int is_member(const struct pair_end *end)
{
	return end->step >= STEP_ADOPTED && end->step <= STEP_LEAVING;
}

/*
 * Both directions of a pair go to TCP for good; `sweep` removes the members once they are quiet.
 * Nothing is deleted here: a sender may already be on its way to the receiver's queue.
 */
static __noinline void begin_leaving(struct pair *pair, struct node_config *settings, __u32 reason)
{
	if (!pair || !settings || pair->leaving_ns)
		return;
	pair->leaving_reason = reason;
	pair->leaving_ns = bpf_ktime_get_ns();
	settings->sweep_wanted = 1;
}

/* Whether what reads from @sk can be told to come back later. */
static __always_inline __u32 reader_refusal(const struct sock *sk)
{
	if (!socket_has_file(sk))
		return REASON_TOO_YOUNG; /* not accepted yet */
	return socket_is_nonblocking(sk) ? REASON_NONE : REASON_BLOCKING_READER;
}

/*
 * Urgent data has come to this socket before it was a member, or past one by TCP: its peer will send
 * more, which a redirect would make ordinary.
 */
static __always_inline __u32 urgency_refusal(const struct sock *sk, const struct pair_end *end)
{
	if (!READ((const struct tcp_sock *)sk, urg_seq) || !socket_is(sk, end->cookie) ||
	    is_forced(&end->workload))
		return REASON_NONE;
	learn(sk, &end->workload, TRAIT_KIND_OOB);
	return REASON_WORKLOAD_TRAIT;
}

/*
 * Whether the socket of @end qualifies as a member, read from the kernel's own socket so that options
 * set before the node ran count too. Returns REASON_NONE or why not.
 */
static __noinline __u32 suitability_refusal(const struct pair_end *end,
					    const struct node_config *settings)
{
	const struct sock *sk;
	__u32 reason;

	if (!end)
		return REASON_PEER_GONE;
	sk = (const void *)end->sk;
	reason = reader_refusal(sk);
	if (!reason && READ(sk, sk_rcvlowat) > 1)
		reason = REASON_LOW_WATER_MARK;
	if (!reason && socket_has_ulp(sk))
		reason = REASON_ULP;
	if (!reason && socket_has_excluding_option(sk))
		reason = REASON_SOCKET_OPTION;
	if (!reason)
		reason = workload_refusal(&end->workload, settings);
	if (!reason)
		reason = urgency_refusal(sk, end);
	return socket_is(sk, end->cookie) ? reason : REASON_PEER_GONE;
}

#define LASTING_SEGMENTS 64

/*
 * A workload of which a connection became a stream of small writes: the next one has to show first that
 * both ends go on talking. `sweep` looks again.
 */
static __noinline __u32 probation_refusal(const struct pair_end *mine,
					  const struct pair_end *theirs,
					  const struct node_config *settings)
{
	const struct tcp_sock *here, *there;

	if (!mine || !theirs || !settings)
		return REASON_NONE;
	if (!workload_shows(&mine->workload, settings, TRAIT_SMALL_WRITES) &&
	    !workload_shows(&theirs->workload, settings, TRAIT_SMALL_WRITES))
		return REASON_NONE;
	here = (const void *)mine->sk;
	there = (const void *)theirs->sk;
	if (READ(here, data_segs_out) >= LASTING_SEGMENTS &&
	    READ(there, data_segs_out) >= LASTING_SEGMENTS)
		return REASON_NONE;
	return REASON_SMALL_WRITES;
}

/* Policy, then the socket of @mine, then the other end: a lone member costs and gains nothing. */
static __always_inline __u32 adoption_refusal(const struct node_config *settings,
					      struct pair_end *mine, const struct pair_end *theirs)
{
	__u32 reason = is_retired(settings) ? REASON_DRAINING : host_refusal(settings);

	if (!reason)
		reason = endpoint_refusal(mine, theirs);
	if (!reason && mine->turns < settings->adopt_turns)
		reason = REASON_TOO_YOUNG;
	/* A member's other end was found suitable with it; its options are guarded since. */
	if (!reason && is_member(theirs))
		reason = reader_refusal((const void *)mine->sk);
	else if (!reason)
		reason = suitability_refusal(mine, settings);
	if (!reason && !is_member(theirs) && suitability_refusal(theirs, settings))
		reason = REASON_PEER_NOT_SUITABLE;
	if (!reason && !is_member(theirs))
		reason = probation_refusal(mine, theirs, settings);
	return reason;
}

/*
 * Maps the result of inserting @sk into `members` to a reason. A socket that left ESTABLISHED between
 * the check and the insert is closing, which is nobody's fault: net/core/sock_map.c says EOPNOTSUPP
 * (sock_map_sk_state_allowed()), as it does for a socket that it cannot take at all.
 */
static __always_inline __u32 insert_refusal(const struct sock *sk, long error)
{
	if (error == -95 /* EOPNOTSUPP */ &&
	    READ(sk, __sk_common.skc_state) != TCP_ESTABLISHED_STATE)
		return REASON_PEER_GONE;
	switch (error) {
	case -16: /* EBUSY: another program owns the socket */
		return REASON_BUSY;
	case -7: /* E2BIG: net/core/sock_map.c, sock_hash_alloc_elem() */
	case -12: /* ENOMEM */
		return REASON_MAP_FULL;
	default:
		return REASON_KERNEL_REFUSED;
	}
}

/*
 * Inserts @sk, which the caller holds, as the member of its end. BPF_NOEXIST: an entry under this key
 * is never overwritten, its queue may hold data.
 */
#define ADOPT(sk_, connection_, mine_, settings_)                                  \
	({                                                                         \
		struct end_key key_ = {(connection_)->nonce, (connection_)->side}; \
		const struct tcp_sock *tp_ = (const void *)(mine_)->sk;            \
		long error_;                                                       \
                                                                                   \
		(mine_)->adopted_seq = READ(tp_, copied_seq);                      \
		error_ = bpf_map_update_elem(&members, &key_, (sk_), BPF_NOEXIST); \
		adoption_done((connection_), (mine_), (settings_), error_);        \
		error_;                                                            \
	})

static __noinline void adoption_done(struct connection *connection, struct pair_end *mine,
				     struct node_config *settings, long error)
{
	if (!connection || !mine || !settings)
		return;
	if (!error) {
		connection->flags &=
			~CONNECTION_PEER_READY; /* of the last time, if nobody told it */
		connection->flags |= CONNECTION_WAS_MEMBER;
		mine->reason = REASON_NONE;
		mine->step = STEP_ADOPTED;
		COUNT(connection->endpoint, connections_adopted, 1);
		if (event_is_wanted(settings, EVENT_ADOPT))
			emit_event((const void *)mine->sk, connection, EVENT_ADOPT, REASON_NONE, 0);
		return;
	}
	mine->reason = insert_refusal((const void *)mine->sk, error);
	if (mine->reason == REASON_PEER_GONE)
		return;
	mine->errno_value = -error;
	if (event_is_wanted(settings, EVENT_REFUSE))
		emit_event((const void *)mine->sk, connection, EVENT_REFUSE, mine->reason, -error);
}

#endif
