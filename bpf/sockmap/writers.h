/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Several threads that write to one socket. After the verdict the kernel lets go of the sender's
 * lock, and only then puts the message into the receiver's queue (tcp_bpf_send_verdict(),
 * net/ipv4/tcp_bpf.c). If another thread's message went by TCP meanwhile, the receiver could read
 * a part of it, and then the redirected one, since that queue is read first: a torn message. So a
 * stretch by TCP begins only when no redirected message is on its way.
 */
#ifndef SHUNT_WRITERS_H
#define SHUNT_WRITERS_H

#include "queue_bound.h"
#include "urgent.h"

/* So far beyond the bound TCP has its way: what it sends is read after all that is queued. */
#define FOLLOWING_BYTES (512 * 1024)
/* A change of policy takes effect after so many quiet times, whoever is on the way. */
#define FOLLOWING_QUIET_TIMES 5
/* Its file's, and its psock's (sk_psock_init(), net/core/skmsg.c). */
#define MEMBER_REFERENCES 2

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct timer_list {
	struct hlist_node entry;
};

/* Each holds a reference while it is pending. Keepalive has one of its own since 6.19. */
struct sock___timers {
	struct timer_list sk_timer;
};

struct inet_connection_sock___timers {
	struct timer_list icsk_keepalive_timer;
	struct timer_list icsk_retransmit_timer;
	struct timer_list icsk_delack_timer;
};

#pragma clang attribute pop

#define IS_PENDING(timers, timer) \
	(bpf_core_field_exists((timers)->timer) && READ(timers, timer.entry.pprev))

static __always_inline __u32 pending_timers(const struct sock *sk)
{
	const struct sock___timers *timers = (const void *)sk;
	const struct inet_connection_sock___timers *tcp_timers = (const void *)sk;
	__u32 pending = 0;

	if (IS_PENDING(timers, sk_timer))
		pending++;
	if (IS_PENDING(tcp_timers, icsk_keepalive_timer))
		pending++;
	if (IS_PENDING(tcp_timers, icsk_retransmit_timer))
		pending++;
	if (IS_PENDING(tcp_timers, icsk_delack_timer))
		pending++;
	return pending;
}

/*
 * Whether a redirected message may be on its way to the socket: the kernel holds a reference from
 * the verdict until it is queued. Others hold one for a moment, as a packet that arrives does:
 * then this is said in vain.
 */
static __always_inline int is_awaited(const struct sock *sk)
{
	__u32 before = pending_timers(sk);
	__u32 references = READ(sk, __sk_common.skc_refcnt.refs.counter);
	__u32 pending = pending_timers(sk);

	/* A timer that began or ended meanwhile may have its reference or not: as if it had none. */
	if (pending > before)
		pending = before;
	return references > MEMBER_REFERENCES + pending;
}

/*
 * No redirect was decided for a while, and nobody is inside of one: the node may be taking the
 * socket out of the map just now (is_quiet() of sweep.bpf.c; half its time, as the coarse clock
 * lags behind).
 */
static __always_inline int may_leave_now(const struct delivery *delivery,
					 const struct sock *receiver)
{
	const struct sk_psock *psock = socket_psock(receiver);

	if (delivery->now_ns - delivery->mine->last_redirect_ns <=
	    delivery->settings->quiesce_ns / 2)
		return 0;
	return !psock || READ(psock, refcnt.refs.counter) <= 1;
}

static __always_inline int has_many_writers(const struct connection *connection)
{
	if (connection->flags & CONNECTION_MANY_WRITERS)
		return 1;
	return connection->writer && connection->writer != (__u32)bpf_get_current_pid_tgid();
}

static __always_inline void note_writer(struct connection *connection)
{
	__u32 thread = bpf_get_current_pid_tgid();

	if (connection->writer == thread)
		return;
	if (connection->writer)
		connection->flags |= CONNECTION_MANY_WRITERS;
	connection->writer = thread;
}

/* The receiver could not take the message, or TCP alone can carry it. */
static __always_inline int is_final(const struct delivery *delivery, __u32 reason)
{
	return reason == REASON_PEER_GONE || reason == REASON_ULP || reason == REASON_NOT_DRAINED ||
	       reason == REASON_NOT_JOINED ||
	       (reason == REASON_WORKLOAD_TRAIT && is_urgent(delivery->size));
}

/*
 * Whether the message is redirected although there is a reason for TCP, because it would begin a
 * stretch by TCP while one of another thread may be on its way. It is counted as redirected; the
 * next one is asked again.
 */
static __noinline int must_follow(struct delivery *delivery, __u32 reason)
{
	const struct connection *connection;
	const struct sock *receiver;
	const struct pair *pair;

	if (!delivery)
		return 0;
	connection = delivery->connection;
	pair = delivery->pair;
	if (!has_many_writers(connection) || connection->flags & CONNECTION_SPILLED ||
	    is_final(delivery, reason))
		return 0;
	if (pair->leaving_ns &&
	    (__s64)(delivery->now_ns - pair->leaving_ns) >
		    (__s64)(FOLLOWING_QUIET_TIMES * delivery->settings->quiesce_ns))
		return 0;
	receiver = (const void *)delivery->theirs->sk;
	if (!is_awaited(receiver) || may_leave_now(delivery, receiver) ||
	    READ((const struct tcp_sock *)receiver, copied_seq) != delivery->write_seq ||
	    !socket_has_file(receiver) || socket_has_ulp(receiver) ||
	    exceeds_bound(delivery, receiver, FOLLOWING_BYTES) ||
	    may_lack_memory(delivery, receiver))
		return 0;
	/* Last: everything above was read from this socket, or from nobody's. */
	return socket_is(receiver, delivery->theirs->cookie) && pair->nonce == connection->nonce;
}

#endif
