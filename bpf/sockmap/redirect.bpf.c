// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Redirect: sk_msg runs for every sendmsg() of a member, under the sender's socket lock, and decides
 * anew for each message. A message goes from socket to socket only if the receiver has read every byte
 * that went by TCP (the kernel reads the redirect queue first, so an unread byte would be overtaken)
 * and its queue is within its bound (the kernel checks none). Otherwise it goes by TCP, which is always
 * in order once what was redirected is in that queue. No other state is kept. Fails open: SK_PASS.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "queue_bound.h"
#include "small_writes.h"
#include "urgent.h"
#include "writers.h"

#include "license.h"

/* Why the host, policy or the pair's state forbids it. */
static __always_inline __u32 state_refusal(struct delivery *delivery)
{
	struct node_config *settings = delivery->settings;
	__u32 reason = host_refusal(settings);

	if (!reason)
		reason = endpoint_refusal(delivery->mine, delivery->theirs);
	if (!reason && delivery->pair->leaving_ns)
		reason = delivery->pair->leaving_reason;
	if (reason || delivery->connection->trait_generation == settings->trait_generation)
		return reason;
	delivery->connection->trait_generation = settings->trait_generation;
	reason = workload_refusal(&delivery->mine->workload, settings);
	if (!reason)
		reason = workload_refusal(&delivery->theirs->workload, settings);
	return reason;
}

/* The receiver has read since it became a member, so nobody is inside recv() with the old protocol. */
static __always_inline int peer_is_ready(struct delivery *delivery, __u32 copied_seq)
{
	if (delivery->connection->flags & CONNECTION_PEER_READY)
		return 1;
	if (delivery->theirs->step != STEP_ADOPTED && delivery->theirs->step != STEP_JOINED)
		return 0;
	if (copied_seq == delivery->theirs->adopted_seq)
		return 0;
	delivery->connection->flags |= CONNECTION_PEER_READY;
	return 1;
}

/* Reasons that hold for the rest of the connection. */
static __always_inline __u32 receiver_refusal(const struct sock *sk)
{
	const struct file *file = READ(sk, sk_socket, file);

	if (!file)
		return REASON_PEER_GONE; /* closed by its owner: TCP answers with RST */
	if (!(READ(file, f_flags) & O_NONBLOCK))
		return REASON_BLOCKING_READER;
	if (READ(sk, sk_rcvlowat) > 1)
		return REASON_LOW_WATER_MARK;
	return socket_has_ulp(sk) ? REASON_ULP : REASON_NONE;
}

/* Reasons that hold for this message. */
static __always_inline __u32 message_refusal(struct delivery *delivery, const struct sock *sk)
{
	__u32 copied_seq = READ((const struct tcp_sock *)sk, copied_seq);

	if (copied_seq != delivery->write_seq)
		return REASON_NOT_DRAINED;
	if (!peer_is_ready(delivery, copied_seq))
		return REASON_NOT_JOINED;
	if (exceeds_bound(delivery, sk, 0) || may_lack_memory(delivery, sk))
		return REASON_BACK_PRESSURE;
	/* The rest may wait for a moment at which TCP would take the message without a drop. */
	if (!tcp_has_room(sk))
		return REASON_NONE;
	/* recv() that faults under its lock would block a non-blocking send() in lock_sock(). */
	if (READ(sk, sk_lock.owned))
		return REASON_RECEIVER_BUSY;
	/* Signed: the coarse clock lags behind the fine one that stamped the opening. */
	if ((__s64)(delivery->now_ns - delivery->connection->last_tcp_ns) >
	    (__s64)delivery->settings->refresh_ns)
		return REASON_CONNTRACK_REFRESH;
	return REASON_NONE;
}

static __always_inline void leave(struct delivery *delivery, __u32 reason)
{
	begin_leaving(delivery->pair, delivery->settings, reason);
	if (event_is_wanted(delivery->settings, EVENT_SPILL))
		emit_event((const void *)delivery->mine->sk, delivery->connection, EVENT_SPILL,
			   reason, 0);
}

/* Reasons that lie in what is sent, and are remembered of the sender's workload. */
static __always_inline __u32 content_refusal(struct delivery *delivery)
{
	if (are_small_writes(delivery))
		return REASON_SMALL_WRITES;
	return is_urgent(delivery->size) ? REASON_WORKLOAD_TRAIT : REASON_NONE;
}

/* 0: policy overrules traits; the message goes by TCP, the pair stays. */
static __noinline int remember_content(struct delivery *delivery, __u32 reason)
{
	const struct sock *sk;

	if (!delivery)
		return 0;
	sk = (const void *)delivery->mine->sk;
	if (reason == REASON_SMALL_WRITES) {
		learn(sk, &delivery->mine->workload, TRAIT_KIND_SMALL_WRITES);
		return 1;
	}
	learn(sk, &delivery->mine->workload, TRAIT_KIND_OOB);
	return !is_forced(&delivery->mine->workload);
}

/* REASON_NONE: redirect. Anything else: by TCP. */
static __always_inline __u32 decide(struct delivery *delivery, __u32 self_has_ulp)
{
	const struct sock *receiver = (const void *)delivery->theirs->sk;
	__u64 cookie = delivery->theirs->cookie;
	__u32 reason;

	/* After its FIN the sender gets EPIPE from TCP; the redirect would deliver behind the FIN. */
	if (delivery->tcp_state != TCP_ESTABLISHED_STATE &&
	    delivery->tcp_state != TCP_CLOSE_WAIT_STATE)
		return REASON_PEER_GONE;
	reason = state_refusal(delivery);
	if (!reason) {
		reason = content_refusal(delivery);
		if (reason && !remember_content(delivery, reason))
			return reason;
	}
	if (!reason)
		reason = self_has_ulp ? REASON_ULP : receiver_refusal(receiver);
	if (reason) {
		if (reason == REASON_PEER_GONE || !socket_is(receiver, cookie))
			return REASON_PEER_GONE;
		if (!delivery->pair->leaving_ns)
			leave(delivery, reason);
		return reason;
	}
	reason = message_refusal(delivery, receiver);
	/* Last: everything above was read from this socket, or from nobody's. */
	if (!socket_is(receiver, cookie) || delivery->pair->nonce != delivery->connection->nonce)
		return REASON_PEER_GONE;
	return reason;
}

static __noinline void account_redirected(struct delivery *delivery)
{
	struct connection *connection;

	if (!delivery)
		return;
	connection = delivery->connection;
	connection->messages_redirected++;
	connection->bytes_redirected += delivery->size;
	connection->queued_messages++;
	connection->queued_bytes += delivery->size;
	COUNT(connection->endpoint, messages_redirected, 1);
	COUNT(connection->endpoint, bytes_redirected, delivery->size);
	connection->flags &= ~CONNECTION_SPILLED;
	if (connection->flags & CONNECTION_JOINED)
		return;
	connection->flags |= CONNECTION_JOINED;
	COUNT(connection->endpoint, connections_joined, 1);
	if (delivery->mine->step == STEP_ADOPTED)
		delivery->mine->step = STEP_JOINED;
	if (event_is_wanted(delivery->settings, EVENT_JOIN))
		emit_event((const void *)delivery->mine->sk, connection, EVENT_JOIN, REASON_NONE,
			   0);
}

static __noinline void account_passed(struct delivery *delivery, __u32 reason)
{
	struct connection *connection;

	if (!delivery)
		return;
	connection = delivery->connection;
	connection->messages_passed++;
	connection->bytes_passed += delivery->size;
	connection->last_pass_reason = reason;
	connection->last_tcp_ns = delivery->now_ns;
	COUNT(connection->endpoint, messages_passed, 1);
	COUNT(connection->endpoint, bytes_passed, delivery->size);
	COUNT(connection->endpoint, message_reasons[reason & (REASON_COUNT - 1)], 1);
	if (reason == REASON_CONNTRACK_REFRESH || !(connection->flags & CONNECTION_JOINED) ||
	    connection->flags & CONNECTION_SPILLED)
		return;
	connection->flags |= CONNECTION_SPILLED;
	COUNT(connection->endpoint, spills, 1);
}

/*
 * With the first message. The executable may differ from the one that created the socket: fork + exec,
 * passed descriptors.
 */
static __always_inline void look_at_sender(struct delivery *delivery, const struct tcp_sock *self)
{
	struct connection *connection = delivery->connection;

	if (connection->flags & CONNECTION_WORKLOAD_SEEN)
		return;
	connection->flags |= CONNECTION_WORKLOAD_SEEN;
	workload_from_current(&delivery->mine->workload);
	connection->workload = delivery->mine->workload;
	connection->trait_generation = ~0;
	connection->segment_bytes = mean_segment_bytes(self);
}

/* Whoever taps looks at the message last; then this does not return. */
static __always_inline void show_to_taps(struct sk_msg_md *msg, const struct node_config *settings)
{
	if (!settings->tapped)
		return;
	bpf_tail_call(msg, &taps, 0);
	bpf_tail_call(msg, &taps, 1);
	bpf_tail_call(msg, &taps, 2);
	bpf_tail_call(msg, &taps, 3);
}

SEC("sk_msg")
int redirect(struct sk_msg_md *msg)
{
	struct delivery delivery = {.size = msg->size};
	struct bpf_sock *sk = msg->sk;
	struct end_key receiver;
	struct tcp_sock *self;
	__u32 reason, self_has_ulp;

	if (!sk)
		return SK_PASS;
	delivery.connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	delivery.settings = node_settings();
	self = bpf_skc_to_tcp_sock(sk);
	if (!delivery.connection || !delivery.settings || !self)
		return SK_PASS;
	delivery.now_ns = bpf_ktime_get_coarse_ns();
	delivery.pair = find_pair(delivery.connection->nonce);
	if (!delivery.pair) {
		account_passed(&delivery, REASON_PEER_GONE);
		show_to_taps(msg, delivery.settings);
		return SK_PASS;
	}
	delivery.mine = end_of(delivery.pair, delivery.connection->side);
	delivery.theirs = end_of(delivery.pair, !delivery.connection->side);
	delivery.mine->messages++;
	delivery.write_seq = self->write_seq;
	delivery.tcp_state = sk->state;
	delivery.send_buffer = READ((const struct sock *)self, sk_sndbuf);
	look_at_sender(&delivery, self);
	self_has_ulp = self->inet_conn.icsk_ulp_ops != 0;
	reason = decide(&delivery, self_has_ulp);
	if (!reason || (!self_has_ulp && must_follow(&delivery, reason))) {
		receiver.nonce = delivery.connection->nonce;
		receiver.side = !delivery.connection->side;
		if (bpf_msg_redirect_hash(msg, &members, &receiver, BPF_F_INGRESS) == SK_PASS) {
			delivery.mine->last_redirect_ns = delivery.now_ns;
			note_writer(delivery.connection);
			account_redirected(&delivery);
			show_to_taps(msg, delivery.settings);
			return SK_PASS;
		}
		reason = REASON_NOT_JOINED;
	}
	account_passed(&delivery, reason);
	show_to_taps(msg, delivery.settings);
	return SK_PASS;
}
