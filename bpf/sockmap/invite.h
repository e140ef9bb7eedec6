/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Writing the option: when a connection offers its nonce, and when it invites the other end. */
#ifndef SHUNT_INVITE_H
#define SHUNT_INVITE_H

#include "invitation.h"
#include "pair_state.h"

#define TCP_FLAG_SYN 0x02
#define NONCE_PACKETS_MAX 3
#define REFUSED_PACKETS_MAX 2

static __always_inline void set_callbacks(struct bpf_sock_ops *ops, __u32 set, __u32 clear)
{
	__u32 flags = ops->bpf_sock_ops_cb_flags;

	if ((flags | set) != flags || flags & clear)
		bpf_sock_ops_cb_flags_set(ops, (flags | set) & ~clear);
}

static __always_inline void announce(const struct node_config *settings, const struct sock *sk,
				     const struct connection *connection)
{
	COUNT(connection->endpoint, connections_paired, 1);
	if (event_is_wanted(settings, EVENT_OPEN))
		emit_event(sk, connection, EVENT_OPEN, REASON_NONE, 0);
}

static __always_inline int load_invitation(struct bpf_sock_ops *ops, struct invitation *invitation)
{
	invitation->kind = INVITATION_KIND;
	invitation->length = 4; /* search by kind and ExID */
	invitation->exid = bpf_htons(INVITATION_EXID_ACTIVE);
	return bpf_load_hdr_opt(ops, invitation, sizeof(*invitation), 0) == sizeof(*invitation);
}

/*
 * The active end learns that its nonce was answered. From here on both ends only count turns, until
 * count_turn() makes them write invitations: a connection of one request costs no more callbacks.
 */
static __always_inline void complete_active(struct bpf_sock_ops *ops, const struct sock *sk,
					    const struct node_config *settings,
					    struct connection *connection)
{
	connection->reason = REASON_NONE;
	connection->invitations = 0;
	announce(settings, sk, connection);
	set_callbacks(ops, BPF_SOCK_OPS_RTT_CB_FLAG, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
}

/* Called for every segment and every sizing while the flag is set: looks nothing up. */
static __always_inline void reserve_invitation(struct bpf_sock_ops *ops, const struct tcp_sock *tp)
{
	/* The size of segments is asked without a packet, and must leave room for the option. */
	int sizing = ops->args[0] == BPF_WRITE_HDR_TCP_CURRENT_MSS;

	if (ops->skb_tcp_flags & TCP_FLAG_SYN)
		return;
	/* A bare ACK carries it only where it ends the handshake. */
	if (!sizing && !ops->skb_len && tp->data_segs_out)
		return;
	if (bpf_reserve_hdr_opt(ops, sizeof(struct invitation), 0))
		set_callbacks(ops, 0, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
}

/* 1: this packet is the last one that carries the option. */
static __always_inline int invitations_end(const struct node_config *settings,
					   struct connection *connection, struct pair *pair)
{
	__u32 written = ++connection->invitations;
	const struct pair_end *invited;

	if (!pair || pair->leaving_ns || written >= settings->invitations_max)
		return 1;
	if (pair->consumed != NONCE_CONSUMED)
		return written >= NONCE_PACKETS_MAX;
	invited = end_of(pair, !connection->side);
	if (is_member(invited))
		return 1;
	/* Refused for a reason of the socket: `sweep` looks again, packets need not. */
	return written >= REFUSED_PACKETS_MAX && invited->reason != REASON_TOO_YOUNG;
}

static __always_inline void write_invitation(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					     struct tcp_sock *tp,
					     const struct node_config *settings)
{
	struct connection *connection;
	struct invitation invitation;
	struct pair *pair;

	if (ops->skb_tcp_flags & TCP_FLAG_SYN)
		return;
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (!connection)
		return;
	pair = find_pair(connection->nonce);
	if (connection->reason == REASON_UNPAIRED && pair && pair->consumed == NONCE_CONSUMED) {
		complete_active(ops, (void *)tp, settings, connection);
		return; /* the reserved room is filled with NOPs */
	}
	if (invitations_end(settings, connection, pair))
		set_callbacks(ops, 0, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
	if (!pair)
		return;
	invitation.kind = INVITATION_KIND;
	invitation.length = sizeof(invitation);
	invitation.exid = bpf_htons(connection->side == SIDE_ACTIVE ? INVITATION_EXID_ACTIVE
								    : INVITATION_EXID_PASSIVE);
	__builtin_memcpy(invitation.nonce, &connection->nonce, sizeof(invitation.nonce));
	bpf_store_hdr_opt(ops, &invitation, sizeof(invitation), 0);
}

/* A flight of this end's data was acknowledged: one more turn. Enough turns: invite the other end. */
static __always_inline void count_turn(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				       const struct node_config *settings)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct pair *pair;

	/* Counted in the socket's own state: a connection of few turns looks no pair up. */
	if (!connection || ++connection->turns < settings->adopt_turns ||
	    ops->state != TCP_ESTABLISHED_STATE)
		return;
	pair = find_pair(connection->nonce);
	if (!pair) {
		set_callbacks(ops, 0, BPF_SOCK_OPS_RTT_CB_FLAG);
		return;
	}
	end_of(pair, connection->side)->turns = connection->turns;
	set_callbacks(ops, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG, BPF_SOCK_OPS_RTT_CB_FLAG);
}

#endif
