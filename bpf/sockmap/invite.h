/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Writing the option. A connection that has shown enough turns is worth its price: from then on the
 * active end offers a nonce on its data segments, and each end invites the other one to be adopted.
 */
#ifndef SHUNT_INVITE_H
#define SHUNT_INVITE_H

#include "callbacks.h"
#include "invitation.h"
#include "young.h"

#define NONCE_PACKETS_MAX 3
#define REFUSED_PACKETS_MAX 2
#define UNKNOWN_NETNS_NS 5000000000ULL /* a node finds a pod in a fraction of this */

/* Rows start from this: too large for the stack. */
static const struct pair empty_pair;

static __always_inline void announce(const struct node_config *settings, const struct sock *sk,
				     const struct connection *connection)
{
	COUNT(connection->endpoint, connections_paired, 1);
	if (event_is_wanted(settings, EVENT_OPEN))
		emit_event(sk, connection, EVENT_OPEN, REASON_NONE, 0);
}

static __always_inline void fill_end(struct pair_end *end, const struct connection *connection,
				     const struct tcp_sock *tp)
{
	/* bytes_acked of an active end counts the SYN (RFC 4898), of a passive end it does not. */
	__u32 syn = connection->side == SIDE_ACTIVE ? 1 : 0;

	end->sk = (__u64)tp;
	end->cookie = connection->cookie;
	end->netns_cookie = connection->netns_cookie;
	end->workload = connection->workload;
	end->endpoint = connection->endpoint;
	end->turns = connection->turns;
	end->first_sent_seq = tp->snd_una - (__u32)tp->bytes_acked + syn;
	end->first_received_seq = tp->rcv_nxt - (__u32)tp->bytes_received;
	end->step = STEP_PAIRED;
	end->reason = REASON_TOO_YOUNG;
}

static __always_inline int load_invitation(struct bpf_sock_ops *ops, struct invitation *invitation)
{
	invitation->kind = INVITATION_KIND;
	invitation->length = 4; /* search by kind and ExID */
	invitation->exid = bpf_htons(INVITATION_EXID_ACTIVE);
	return bpf_load_hdr_opt(ops, invitation, sizeof(*invitation), 0) == sizeof(*invitation);
}

/* Called for every segment and every sizing while the flag is set: looks nothing up. */
static __always_inline void reserve_invitation(struct bpf_sock_ops *ops)
{
	/* The size of segments is asked without a packet, and must leave room for the option. */
	int sizing = ops->args[0] == BPF_WRITE_HDR_TCP_CURRENT_MSS;

	if (!sizing && !ops->skb_len)
		return; /* SYN, bare ACK, bare FIN */
	if (bpf_reserve_hdr_opt(ops, sizeof(struct invitation), 0))
		set_callbacks(ops, 0, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
}

/* 1: this packet is the last one that carries the option. */
static __always_inline int invitations_end(const struct node_config *settings,
					   struct connection *connection, struct pair *pair)
{
	__u32 written = ++connection->invitations;
	const struct pair_end *invited;

	if (pair->leaving_ns || written >= settings->invitations_max)
		return 1;
	if (pair->consumed != NONCE_CONSUMED)
		return written >= NONCE_PACKETS_MAX;
	invited = end_of(pair, !connection->side);
	if (is_member(invited))
		return 1;
	/* Refused for a reason of the socket: `sweep` looks again, packets need not. */
	return written >= REFUSED_PACKETS_MAX && invited->reason != REASON_TOO_YOUNG;
}

/* The pair of a connection that writes its first invitation, or NULL: no room for it. */
static __always_inline struct pair *offer_pair(struct connection *connection,
					       const struct tcp_sock *tp)
{
	__u64 nonce = ((__u64)bpf_get_prandom_u32() << 32 | bpf_get_prandom_u32()) ?: 1;
	struct pair *pair;

	connection->reason = REASON_MAP_FULL;
	if (bpf_map_update_elem(&pairs, &nonce, &empty_pair, BPF_NOEXIST))
		return 0;
	pair = bpf_map_lookup_elem(&pairs, &nonce);
	if (!pair)
		return 0;
	connection->reason = REASON_UNPAIRED;
	connection->nonce = nonce;
	pair->created_ns = bpf_ktime_get_ns();
	fill_end(&pair->end[SIDE_ACTIVE], connection, tp);
	pair->end[SIDE_ACTIVE].step = STEP_PENDING;
	pair->nonce = nonce;
	return pair;
}

static __always_inline struct pair *invited_pair(struct connection *connection,
						 const struct tcp_sock *tp,
						 const struct node_config *settings)
{
	struct pair *pair;

	if (!connection->nonce && connection->side != SIDE_ACTIVE)
		return 0;
	if (!connection->nonce) {
		/* No sweep looks at what has no pair: policy may have changed since it opened. */
		connection->endpoint = endpoint_now(settings, (const void *)tp, connection);
		return offer_pair(connection, tp);
	}
	pair = find_pair(connection->nonce);
	if (pair && hear_refusal(connection, pair)) {
		bpf_map_delete_elem(&pairs, &connection->nonce);
		return 0;
	}
	if (pair && pair->consumed == NONCE_CONSUMED && connection->reason == REASON_UNPAIRED) {
		connection->reason = REASON_NONE;
		connection->invitations = 0;
		announce(settings, (const void *)tp, connection);
	}
	return pair;
}

static __always_inline void write_invitation(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					     const struct tcp_sock *tp,
					     const struct node_config *settings)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	int is_ours = connection && connection->flags & CONNECTION_WATCHED;
	struct pair *pair = is_ours ? invited_pair(connection, tp, settings) : 0;
	struct invitation invitation;

	if (!pair || invitations_end(settings, connection, pair))
		set_callbacks(ops, 0, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
	if (!pair)
		return; /* the reserved room is filled with NOPs */
	invitation.kind = INVITATION_KIND;
	invitation.length = sizeof(invitation);
	invitation.exid = bpf_htons(connection->side == SIDE_ACTIVE ? INVITATION_EXID_ACTIVE
								    : INVITATION_EXID_PASSIVE);
	__builtin_memcpy(invitation.nonce, &connection->nonce, sizeof(invitation.nonce));
	bpf_store_hdr_opt(ops, &invitation, sizeof(invitation), 0);
}

/*
 * A flight of this end's data was acknowledged: one more turn. Enough of them, and its next data
 * segments carry the invitation. Until then it has no more than its slot: a connection of one request
 * costs no more than this.
 */
static __always_inline struct connection *lasting_connection(struct bpf_sock *sk, __u64 cookie,
							     const struct node_config *settings)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct young *young;

	if (connection && connection->flags & CONNECTION_WATCHED)
		return ++connection->turns < settings->adopt_turns ? 0 : connection;
	young = find_young(cookie);
	if (!young || !awaits_turns(young->reason) || ++young->turns < settings->adopt_turns)
		return 0;
	return promote(sk, cookie);
}

/*
 * Asks again what could not be known when the connection opened. 0: its turns count anew, or it stays on
 * TCP for good.
 */
static __noinline int is_known_now(struct connection *connection, const struct sock *sk,
				   const struct node_config *settings)
{
	struct young young = {};
	__u32 refusal;

	if (!connection || !sk || !settings)
		return 0;
	young.netns_cookie = connection->netns_cookie;
	young.workload = connection->workload;
	young.side = connection->side;
	refusal = pairing_refusal(settings, sk, &young);
	connection->endpoint = young.endpoint;
	if (refusal != REASON_NO_HOOK && refusal != REASON_REMOTE_PEER)
		return 1;
	if (may_be_known_soon(settings, &young, refusal) &&
	    bpf_ktime_get_ns() - connection->opened_ns < UNKNOWN_NETNS_NS) {
		connection->turns = 0;
		return 0;
	}
	connection->flags &= ~CONNECTION_WATCHED;
	refuse(connection, refusal);
	return 0;
}

static __always_inline void count_turn(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				       const struct tcp_sock *tp,
				       const struct node_config *settings)
{
	struct connection *connection;
	struct pair *pair;

	if (ops->state != TCP_ESTABLISHED_STATE)
		return;
	connection = lasting_connection(sk, socket_cookie((const void *)tp), settings);
	if (!connection)
		return;
	if (settings->unknown_waits && !connection->nonce &&
	    !is_known_now(connection, (const void *)tp, settings)) {
		if (!(connection->flags & CONNECTION_WATCHED))
			set_callbacks(ops, 0,
				      BPF_SOCK_OPS_RTT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG);
		return;
	}
	if (connection->nonce) {
		pair = find_pair(connection->nonce);
		if (pair)
			end_of(pair, connection->side)->turns = connection->turns;
	}
	note_lasting(connection);
	if (connection->reason == REASON_ONE_REQUEST)
		connection->reason = REASON_TOO_YOUNG;
	set_callbacks(ops, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG,
		      BPF_SOCK_OPS_RTT_CB_FLAG);
}

#endif
