// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Sweep: what no packet triggers, run by the controller when something changed. It revokes pairs that
 * policy or their own sockets no longer allow, removes members that have gone quiet, adopts pairs whose
 * invitations ran out before the mode did. An iterator over all sockets with our state. A kernel may
 * refuse iterators over maps (EPERM, seen on a hardened 6.18): there the controller runs `sweep_pairs`.
 * Not an iterator over TCP sockets: that one waits for the socket lock, which a reader that faults inside
 * recv() holds for as long as it likes. Not one over open files: a file that its owner closes meanwhile
 * stays open until the iterator is done, and in the epoll of an owner who has forgotten it.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "own_tuple.h"
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

/* A former member that was connected again: out of the map as soon as nothing is queued. */
static __always_inline void sweep_reconnected(const struct sock *sk, struct connection *connection)
{
	if (socket_has_queued_messages(sk))
		return;
	if (!remove_member(connection->nonce, connection->side))
		connection->flags &= ~CONNECTION_WAS_MEMBER;
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

SEC("?iter/bpf_sk_storage_map")
int sweep(struct bpf_iter__bpf_sk_storage_map *context)
{
	struct connection *connection = context->value;
	struct node_config *settings = node_settings();
	struct sock *sk = context->sk;
	struct pair *pair;

	if (!sk || !connection || !settings || !connection->nonce)
		return 0;
	if (connection->reason == REASON_RECONNECT) {
		if (connection->flags & CONNECTION_WAS_MEMBER)
			sweep_reconnected(sk, connection);
		return 0;
	}
	pair = find_pair(connection->nonce);
	if (pair)
		sweep_pair(sk, connection, pair, settings);
	return 0;
}

#define SWEEP_PAIRS 128

/* A packet of the controller's begins with this; the nonces of pairs follow. */
struct sweep_head {
	__u8 ethernet[ETH_HLEN];
	__u16 count; /* of nonces, up to SWEEP_PAIRS */
	__u64 netns_cookie; /* whose ends to sweep; 0: all, which can only leave */
};

/* The socket of an end in this network namespace, to be released. Apart, as the stack is short. */
static __noinline struct bpf_sock *look_up(struct __sk_buff *skb, const struct pair_end *end)
{
	const struct sock *sk = (const void *)end->sk;
	struct bpf_sock_tuple tuple = {};
	__u32 size = own_tuple_size(sk);

	own_tuple(&tuple, size, sk);
	return bpf_skc_lookup_tcp(skb, &tuple, size, BPF_F_CURRENT_NETNS, 0);
}

/* Global: looked at by the verifier once, not for each pair. */
__noinline int sweep_end(struct __sk_buff *skb, __u64 nonce, __u32 side)
{
	struct node_config *settings = node_settings();
	struct pair *pair = find_pair(nonce);
	struct connection *connection;
	struct bpf_sock *sk;
	int is_met;

	if (!settings || !pair)
		return 0;
	sk = look_up(skb, end_of(pair, side));
	if (!sk)
		return 0;
	is_met = (__u64)bpf_skc_to_tcp_sock(sk) == end_of(pair, side)->sk;
	connection = is_met ? bpf_sk_storage_get(&connections, sk, 0, 0) : 0;
	if (connection && connection->nonce == nonce && connection->side == side)
		sweep_pair(sk, connection, pair, settings);
	bpf_sk_release(sk);
	return is_met;
}

/* An end whose socket is not found here can still leave. */
__noinline int sweep_far_end(__u64 nonce, __u32 side)
{
	struct node_config *settings = node_settings();
	struct pair *pair = find_pair(nonce);
	const struct sock *sk;
	struct pair_end *mine;
	__u32 endpoint;

	if (!settings || !pair)
		return 0;
	mine = end_of(pair, side);
	if (!is_member(mine))
		return 0;
	sk = (const void *)mine->sk;
	if (settings->policy_changed) {
		endpoint = endpoint_of(settings, sk, mine->netns_cookie, &mine->workload);
		if (socket_is(sk, mine->cookie))
			mine->endpoint = endpoint;
	}
	sweep_member(pair, nonce, side, 0, settings);
	return 0;
}

static __always_inline void sweep_side(struct __sk_buff *skb, __u64 netns_cookie, __u64 nonce,
				       __u32 side)
{
	struct pair *pair = find_pair(nonce);

	if (!pair)
		return;
	if (netns_cookie && end_of(pair, side)->netns_cookie != netns_cookie)
		return;
	if (!netns_cookie || !sweep_end(skb, nonce, side))
		sweep_far_end(nonce, side);
}

/*
 * Never attached: run on a packet, in the network namespace whose sockets it is about, or elsewhere when
 * that is out of reach. Not found are sockets that are bound to a device, which can still leave, and those
 * that connected again.
 */
SEC("?tc")
int sweep_pairs(struct __sk_buff *skb)
{
	struct sweep_head head;
	int i;

	if (bpf_skb_load_bytes(skb, 0, &head, sizeof(head)))
		return 0;
	for (i = 0; i < SWEEP_PAIRS && i < head.count; i++) {
		__u64 nonce;

		if (bpf_skb_load_bytes(skb, sizeof(head) + i * sizeof(nonce), &nonce,
				       sizeof(nonce)))
			return 0;
		sweep_side(skb, head.netns_cookie, nonce, SIDE_ACTIVE);
		sweep_side(skb, head.netns_cookie, nonce, SIDE_PASSIVE);
	}
	return 0;
}
