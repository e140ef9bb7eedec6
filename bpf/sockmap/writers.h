/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Several threads that write to one socket. After the verdict the kernel lets go of the sender's lock, and
 * only then puts the message into the receiver's queue (tcp_bpf_send_verdict(), net/ipv4/tcp_bpf.c). If
 * another thread's message went by TCP meanwhile, the receiver could read a part of it, and then the
 * redirected one, since that queue is read first: a torn message. So a stretch by TCP begins only when no
 * redirected message is on its way.
 */
#ifndef SHUNT_WRITERS_H
#define SHUNT_WRITERS_H

#include "queue_bound.h"

/* Beyond this many times the bound TCP has its way: what it sends is read after all that is queued. */
#define WRITERS_BOUND_TIMES 2

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct timer_list {
	struct hlist_node entry;
};

/* Each holds a reference while it is pending. */
struct sock___timers {
	struct timer_list sk_timer;
};

struct inet_connection_sock___timers {
	struct timer_list icsk_retransmit_timer;
	struct timer_list icsk_delack_timer;
};

#pragma clang attribute pop

/* References to the socket but those of its timers: one for each message that is on its way to it. */
static __always_inline __u32 socket_references(const struct sock *sk)
{
	const struct sock___timers *timers = (const void *)sk;
	const struct inet_connection_sock___timers *tcp_timers = (const void *)sk;
	__u32 references = READ(sk, __sk_common.skc_refcnt.refs.counter);

	if (bpf_core_field_exists(timers->sk_timer) && READ(timers, sk_timer.entry.pprev))
		references--;
	if (bpf_core_field_exists(tcp_timers->icsk_retransmit_timer) &&
	    READ(tcp_timers, icsk_retransmit_timer.entry.pprev))
		references--;
	if (bpf_core_field_exists(tcp_timers->icsk_delack_timer) &&
	    READ(tcp_timers, icsk_delack_timer.entry.pprev))
		references--;
	return references;
}

/* With each redirected message, before the kernel refers to the receiver for it. */
static __always_inline void note_writer(struct delivery *delivery)
{
	struct connection *connection = delivery->connection;
	__u32 thread = bpf_get_current_pid_tgid();

	if (connection->writer == thread)
		return;
	/* The first one has none before it that could be on its way. */
	if (!connection->writer)
		connection->peer_references = socket_references((const void *)delivery->theirs->sk);
	else
		connection->flags |= CONNECTION_MANY_WRITERS;
	connection->writer = thread;
}

/* The receiver could not take the message, or TCP alone can carry it. */
static __always_inline int is_final(__u32 reason)
{
	return reason == REASON_PEER_GONE || reason == REASON_ULP || reason == REASON_NOT_DRAINED ||
	       reason == REASON_NOT_JOINED || reason == REASON_WORKLOAD_TRAIT;
}

/*
 * Whether the message is redirected although there is a reason for TCP, because it would begin a stretch by
 * TCP while one of another thread may be on its way. It is counted as redirected; the next one is asked
 * again.
 */
static __noinline int must_follow(struct delivery *delivery, __u32 reason)
{
	const struct connection *connection;
	const struct sock *receiver;

	if (!delivery)
		return 0;
	connection = delivery->connection;
	if (!(connection->flags & CONNECTION_MANY_WRITERS) ||
	    connection->flags & CONNECTION_SPILLED || is_final(reason))
		return 0;
	receiver = (const void *)delivery->theirs->sk;
	if (socket_references(receiver) <= connection->peer_references ||
	    READ((const struct tcp_sock *)receiver, copied_seq) != delivery->write_seq ||
	    !socket_has_file(receiver) || socket_has_ulp(receiver) ||
	    exceeds_bound(delivery, receiver, WRITERS_BOUND_TIMES) ||
	    may_lack_memory(delivery, receiver))
		return 0;
	/* Last: everything above was read from this socket, or from nobody's. */
	return socket_is(receiver, delivery->theirs->cookie) &&
	       delivery->pair->nonce == connection->nonce;
}

#endif
