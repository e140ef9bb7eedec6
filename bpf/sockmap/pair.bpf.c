// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Pairing: sockops is the only hook that sees both ends of a connection, in process and out of it. The
 * active end of a connection that has shown its worth draws a nonce and writes it as a TCP option; the
 * passive end that finds it answers in the pair's row. Addresses cannot do this: netfilter rewrites
 * destination and source port, and two namespaces may use the same ones.
 * Fails open: whatever goes wrong here leaves a connection unpaired, on plain TCP.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "invite.h"
#include "opening.h"

#include "license.h"

#define INVITATION_CALLBACKS                                             \
	(BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG | BPF_SOCK_OPS_RTT_CB_FLAG | \
	 BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG)
#define NONCE_LIFETIME_NS (10LL * 1000 * 1000 * 1000)

/* Leaves the reason in the row, where the active end finds it. */
static __always_inline __u32 refuse_nonce(struct pair *pair, __u32 reason)
{
	pair->end[SIDE_PASSIVE].reason = reason;
	pair->consumed = NONCE_REFUSED;
	return reason;
}

/* Takes the active end's offer. Returns why not, or REASON_NONE: the pair is complete. */
static __noinline __u32 answer_nonce(struct connection *connection, const struct tcp_sock *tp,
				     __u64 nonce)
{
	struct pair *pair = find_pair(nonce);
	struct pair_end *active, *passive;
	__u32 path;

	if (!pair || !connection || !tp)
		return REASON_UNPAIRED;
	if ((__s64)(bpf_ktime_get_ns() - pair->created_ns) > NONCE_LIFETIME_NS)
		return REASON_UNPAIRED;
	if (__sync_val_compare_and_swap(&pair->consumed, NONCE_PENDING, NONCE_ANSWERING) !=
	    NONCE_PENDING)
		return REASON_UNPAIRED; /* single use: a replayed nonce finds nobody */
	active = &pair->end[SIDE_ACTIVE];
	passive = &pair->end[SIDE_PASSIVE];
	/* All but the last flight were acknowledged: the active end had to, to show its own turns. */
	connection->turns = tp->data_segs_out;
	fill_end(passive, connection, tp);
	if (passive->first_received_seq != active->first_sent_seq ||
	    passive->first_sent_seq != active->first_received_seq)
		return refuse_nonce(pair, REASON_SEQUENCE_MISMATCH);
	path = path_of(passive, active);
	if (!path_is_allowed(passive->endpoint, path) || !path_is_allowed(active->endpoint, path))
		return refuse_nonce(pair, REASON_PATH_EXCLUDED);
	connection->nonce = nonce;
	active->step = STEP_PAIRED;
	pair->consumed = NONCE_CONSUMED;
	return REASON_NONE;
}

/* The passive end met a packet with an option that TCP does not know: the active end's nonce, if any. */
static __always_inline void nonce_arrived(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					  struct tcp_sock *tp, struct node_config *settings)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct invitation invitation = {};
	__u32 next = 0;
	__u64 nonce;

	if (!load_invitation(ops, &invitation))
		return;
	if (!connection)
		connection = promote(sk, socket_cookie((void *)tp));
	if (!connection || !(connection->flags & CONNECTION_WATCHED) || connection->nonce)
		return;
	__builtin_memcpy(&nonce, invitation.nonce, sizeof(nonce));
	note_lasting(connection);
	/* No sweep looks at what has no pair: policy may have changed since it opened. */
	connection->endpoint = endpoint_now(settings, (void *)tp, connection);
	connection->reason = answer_nonce(connection, tp, nonce);
	if (!connection->reason) {
		announce(settings, (void *)tp, connection);
		next = connection->turns < settings->adopt_turns
			       ? BPF_SOCK_OPS_RTT_CB_FLAG
			       : BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	}
	set_callbacks(ops, next | BPF_SOCK_OPS_STATE_CB_FLAG,
		      BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG);
}

static __always_inline void count_unadopted(const struct pair *pair, const struct pair_end *end)
{
	if (end->step < STEP_ADOPTED)
		count_connection_reason(end->endpoint, pair->leaving_ns ?
							       pair->leaving_reason :
							       end->reason ?: REASON_TOO_YOUNG);
}

/* Read in place: the slot of a socket that asked to hear of its end is nobody else's. */
static __always_inline void closed_young(struct tcp_sock *tp, const struct node_config *settings)
{
	const struct young *young = find_young(socket_cookie((void *)tp));
	__u32 reason;

	if (!young || !awaits_turns(young->reason))
		return;
	reason = unpaired_reason(young->reason, young->side, tp, settings);
	count_connection_reason(young->endpoint, reason);
	if (reason == REASON_TOO_YOUNG)
		note_short_lived((void *)tp, &young->workload);
	drop_young(young->cookie);
}

/* The end that closes first takes the row away and accounts for both. */
static __always_inline void closed(struct bpf_sock *sk, struct tcp_sock *tp,
				   const struct node_config *settings)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct pair *pair;
	__u32 reason;

	if (!connection) {
		closed_young(tp, settings);
		return;
	}
	if (!(connection->flags & CONNECTION_WATCHED))
		return;
	pair = connection->nonce ? find_pair(connection->nonce) : 0;
	if (pair && pair->consumed == NONCE_CONSUMED && connection->reason == REASON_UNPAIRED)
		connection->reason = REASON_NONE; /* answered after its last data */
	if (pair)
		hear_refusal(connection, pair);
	if (connection->reason) {
		reason = unpaired_reason(connection->reason, connection->side, tp, settings);
		count_connection_reason(connection->endpoint, reason);
		if (reason == REASON_TOO_YOUNG && !pair)
			note_short_lived((void *)tp, &connection->workload);
	} else {
		COUNT(connection->endpoint, connections_closed, 1);
		if (event_is_wanted(settings, EVENT_CLOSE))
			emit_event((void *)tp, connection, EVENT_CLOSE,
				   connection->last_pass_reason, 0);
	}
	if (!pair)
		return;
	if (pair->consumed == NONCE_CONSUMED) {
		count_unadopted(pair, &pair->end[SIDE_ACTIVE]);
		count_unadopted(pair, &pair->end[SIDE_PASSIVE]);
	}
	bpf_map_delete_elem(&pairs, &connection->nonce);
}

/*
 * Sockets that opened under this version ask for no more packets to be marked. A new connection belongs
 * to the version that took over: only a former member that connects again is looked after.
 */
static __always_inline void retired(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				    const struct tcp_sock *tp, struct node_config *settings)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	const struct young *young = find_young(socket_cookie((const void *)tp));

	if (connection ? !(connection->flags & CONNECTION_WATCHED)
		       : !young || !awaits_turns(young->reason))
		return;
	if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
		set_callbacks(ops, 0, INVITATION_CALLBACKS);
		return;
	}
	if (!connection)
		return;
	connection->flags &= ~CONNECTION_WATCHED; /* of an earlier connection of this socket */
	if (connection->flags & CONNECTION_WAS_MEMBER) {
		refuse(connection, REASON_RECONNECT);
		settings->sweep_wanted = 1;
	}
}

/* The kernel calls for much else, on every connection: leave at once. */
static __always_inline int concerns_us(struct bpf_sock_ops *ops)
{
	switch (ops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
	case BPF_SOCK_OPS_RTT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		return 1;
	case BPF_SOCK_OPS_STATE_CB:
		return ops->args[1] == TCP_CLOSE_STATE;
	default:
		return 0;
	}
}

SEC("sockops")
int pair(struct bpf_sock_ops *ops)
{
	struct node_config *settings;
	struct bpf_sock *sk;
	struct tcp_sock *tp;

	if (!concerns_us(ops))
		return 1;
	settings = node_settings();
	sk = ops->sk;
	if (!settings || !sk)
		return 1;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return 1;
	if (is_retired(settings) && ops->op != BPF_SOCK_OPS_STATE_CB) {
		retired(ops, sk, tp, settings);
		return 1;
	}
	switch (ops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		established(ops, sk, tp, settings);
		break;
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		nonce_arrived(ops, sk, tp, settings);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		reserve_invitation(ops);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		write_invitation(ops, sk, tp, settings);
		break;
	case BPF_SOCK_OPS_RTT_CB:
		count_turn(ops, sk, tp, settings);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		closed(sk, tp, settings);
		break;
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		listening(sk, tp);
		break;
	}
	return 1;
}
