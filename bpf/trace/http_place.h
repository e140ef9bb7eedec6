/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Where the bytes of a socket are in what it carries, by TCP's own numbers. */
#ifndef SHUNT_HTTP_PLACE_H
#define SHUNT_HTTP_PLACE_H

#include "http_maps.h"

#define RCV_SHUTDOWN 1 /* include/net/sock.h */
#define FIN_SEQUENCE 1 /* a FIN takes one number, which not every read passes */

static __always_inline int has_fin(const struct sock *sk)
{
	return READ((const struct sock___shutdown *)sk, sk_shutdown) & RCV_SHUTDOWN;
}

/* Of the next byte that the owner sends or reads; a read that meets a FIN has passed that as well. */
static __always_inline __u32 sequence_of(const struct sock *sk, __u32 way)
{
	const struct tcp_sock *tp = (const void *)sk;
	__u32 copied = READ(tp, copied_seq);

	if (way == TRACE_SENT)
		return READ(tp, write_seq);
	return has_fin(sk) && copied == READ(tp, rcv_nxt) ? copied - FIN_SEQUENCE : copied;
}

/* Bytes that TCP itself has carried one way since the connection began. */
static __always_inline __u64 carried_by_tcp(const struct sock *sk, __u32 way)
{
	const struct tcp_sock *tp = (const void *)sk;

	if (way == TRACE_RECEIVED)
		return READ(tp, bytes_received);
	return READ(tp, bytes_acked) + (READ(tp, write_seq) - READ(tp, snd_una));
}

/*
 * Where the bytes lie, and 1 in @redirected if they went past TCP. TCP's own sequence tells what moved without a
 * call that is seen (splice()): it leaves a gap. It also tells what did not move by TCP.
 */
static __always_inline __u64 place(struct conversation *row, const struct sock *sk, __u32 way,
				   __u32 bytes, __u32 *redirected)
{
	__u32 sequence = sequence_of(sk, way), advance;

	if (row->position[way & 1]) {
		advance = sequence - row->sequence[way & 1];
		if ((__s32)(advance - bytes) > 0)
			__sync_fetch_and_add(&row->position[way & 1], advance - bytes);
	} else {
		advance = carried_by_tcp(sk, way) < bytes ? 0 : bytes;
	}
	row->sequence[way & 1] = sequence;
	*redirected = advance < bytes;
	return __sync_fetch_and_add(&row->position[way & 1], bytes);
}

#endif
