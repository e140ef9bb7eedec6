// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Views for the controller: every TCP socket of a network namespace as one row with its step and
 * reason (asked only when a user asks), and the workloads of sockets older than the node.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "young.h"

#include "license.h"

/* Keeps every shared type in the object's BTF, where the controller's test reads it. */
const volatile struct {
	struct event event;
	struct connection_row connection_row;
	enum reason reason;
	enum mode mode;
	enum side side;
	enum step step;
	enum event_type event_type;
	enum trait trait;
	enum trait_kind trait_kind;
	enum endpoint_flag endpoint_flag;
	enum netns_flag netns_flag;
	enum selector_field selector_field;
	enum nonce_use nonce_use;
	enum node_total node_total;
	enum layout_version layout_version;
} shared_types = {};

/*
 * A socket that no program has seen (older than the node, or outside its cgroup), or that was refused so
 * long ago that its slot went to another.
 */
static __always_inline void describe_unknown(struct connection_row *row, struct young *young,
					     const struct tcp_sock *tp,
					     const struct node_config *settings)
{
	young->netns_cookie = row->netns_cookie;
	workload_from_listener(&young->workload, (const void *)tp);
	young->side = young->workload.exe_inode ? SIDE_PASSIVE : SIDE_ACTIVE;
	row->reason = pairing_refusal(settings, (const void *)tp, young) ?:
			      host_refusal(settings) ?:
			      REASON_UNPAIRED;
	row->endpoint = young->endpoint;
	row->step = STEP_UNPAIRED;
}

static __always_inline __u32 pair_reason(const struct pair *pair, const struct pair_end *mine,
					 const struct pair_end *theirs)
{
	if (pair->consumed != NONCE_CONSUMED)
		return REASON_UNPAIRED;
	if (pair->leaving_ns)
		return pair->leaving_reason;
	if (mine->step < STEP_ADOPTED)
		return mine->reason;
	return is_member(theirs) ? REASON_NONE : theirs->reason;
}

static __always_inline void describe_pair(struct connection_row *row,
					  const struct connection *connection, struct pair *pair)
{
	const struct pair_end *mine = end_of(pair, connection->side);
	const struct pair_end *theirs = end_of(pair, !connection->side);

	row->peer_cookie = theirs->cookie;
	row->step = mine->step;
	if (pair->leaving_ns && is_member(mine))
		row->step = STEP_LEAVING;
	row->reason = pair_reason(pair, mine, theirs);
	if (!row->reason && connection->flags & CONNECTION_SPILLED)
		row->reason = connection->last_pass_reason;
	row->errno_value = mine->errno_value;
}

static __always_inline void describe_connection(struct connection_row *row,
						struct connection *connection,
						const struct tcp_sock *tp,
						const struct node_config *settings)
{
	struct pair *pair = connection->nonce ? find_pair(connection->nonce) : 0;

	if (pair && hear_refusal(connection, pair))
		pair = 0;
	row->nonce = connection->nonce;
	row->age_ns = bpf_ktime_get_ns() - connection->opened_ns;
	row->workload = connection->workload;
	row->messages_redirected = connection->messages_redirected;
	row->bytes_redirected = connection->bytes_redirected;
	row->messages_passed = connection->messages_passed;
	row->bytes_passed = connection->bytes_passed;
	row->last_pass_reason = connection->last_pass_reason;
	row->side = connection->side;
	row->endpoint = connection->endpoint;
	row->step = STEP_UNPAIRED;
	row->reason = unpaired_reason(connection->reason, connection->side, tp, settings);
	/* A passive end counts none before it has a pair: all its flights but the last were. */
	row->turns = connection->side == SIDE_ACTIVE || connection->nonce ? connection->turns
									  : READ(tp, data_segs_out);
	if (pair && connection->reason != REASON_RECONNECT)
		describe_pair(row, connection, pair);
	else if (!row->reason)
		row->reason = REASON_PEER_GONE;
}

/* 0: it is not young. */
static __always_inline int describe_young(struct connection_row *row, struct young *young,
					  const struct tcp_sock *tp,
					  const struct node_config *settings)
{
	if (!load_young(young, row->cookie) || !young->opened_ns)
		return 0;
	row->age_ns = bpf_ktime_get_ns() - young->opened_ns;
	row->workload = young->workload;
	row->side = young->side;
	row->endpoint = young->endpoint;
	row->step = STEP_UNPAIRED;
	row->reason = unpaired_reason(young->reason, young->side, tp, settings);
	row->turns = young->side == SIDE_ACTIVE ? young->turns : READ(tp, data_segs_out);
	return 1;
}

SEC("iter/tcp")
int dump_connections(struct bpf_iter__tcp *context)
{
	struct sock_common *common = context->sk_common;
	const struct node_config *settings = node_settings();
	struct connection_row row = {};
	struct connection *connection;
	struct young young = {};
	struct tcp_sock *tp;

	if (!common || !settings)
		return 0;
	tp = bpf_skc_to_tcp_sock(common);
	if (!tp)
		return 0; /* request and TIME_WAIT sockets carry no data */
	row.tcp_state = READ(common, skc_state);
	if (row.tcp_state == TCP_LISTEN_STATE)
		return 0;
	row.cookie = socket_cookie((const void *)tp);
	row.netns_cookie = socket_netns_cookie((const void *)tp);
	socket_addresses((const void *)tp, &row.local, &row.remote);
	row.local_port = socket_local_port((const void *)tp);
	row.remote_port = socket_remote_port((const void *)tp);
	row.bytes_acked = READ(tp, bytes_acked);
	connection = bpf_sk_storage_get(&connections, (struct sock *)tp, 0, 0);
	if (connection && connection->opened_ns)
		describe_connection(&row, connection, tp, settings);
	else if (!describe_young(&row, &young, tp, settings))
		describe_unknown(&row, &young, tp, settings);
	bpf_seq_write(context->meta->seq, &row, sizeof(row));
	return 0;
}

static __always_inline void mark_workload(struct task_struct *task, struct file *file)
{
	struct connection *connection;
	struct workload workload;
	struct socket *socket;
	struct sock *sk;

	socket = bpf_sock_from_file(file);
	if (!socket)
		return;
	sk = socket->sk;
	if (!sk || READ(sk, sk_protocol) != IPPROTO_TCP ||
	    READ(sk, __sk_common.skc_state) != TCP_LISTEN_STATE)
		return;
	workload_of(task, &workload);
	if (row_tells(sk, &workload))
		return;
	connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (connection)
		connection->workload = workload;
}

/*
 * Listeners older than the node: their children inherit the workload from here. A row for each file, so
 * that the controller can read few at a time: one that its owner closes meanwhile stays open until then.
 */
SEC("iter/task_file")
int mark_workloads(struct bpf_iter__task_file *context)
{
	struct task_struct *task = context->task;
	struct file *file = context->file;
	__u32 row = 1;

	if (!task || !file)
		return 0;
	mark_workload(task, file);
	bpf_seq_write(context->meta->seq, &row, sizeof(row));
	return 0;
}
