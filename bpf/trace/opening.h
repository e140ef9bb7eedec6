/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Sockets between connect() and its outcome. The outcome comes with a packet or a timer, when any process
 * may be running: who called connect() is written down while it is sure.
 */
#ifndef SHUNT_OPENING_H
#define SHUNT_OPENING_H

#include "trace_record.h"

struct socket_row {
	__u64 since_ns; /* CLOCK_MONOTONIC: of the first SYN */
	struct trace_process process;
	__u32 readers; /* of `connect`: bit per reader that it is told to */
	__u32 crossed; /* 1: a SYN has come too: both ends have called connect() */
};

#define SOCKET_ROW struct socket_row
#define SOCKET_SET_BITS 12 /* room for 16,384 sockets, and mostly for half as many more */
#include "socket_table.h"

static __always_inline void begin_opening(const struct sock *sk, __u32 readers)
{
	__u64 number = number_of(sk);
	int place = find_place(number);
	struct socket_row *row = row_at(place >= 0 ? place : add_place(number));

	if (!row) {
		COUNT(untracked);
		return;
	}
	row->since_ns = bpf_ktime_get_ns();
	row->readers = readers;
	row->crossed = 0;
	see_process(&row->process);
}

static __always_inline void cross_opening(const struct sock *sk)
{
	struct socket_row *row = row_at(find_place(number_of(sk)));

	if (row)
		row->crossed = 1;
}

/*
 * 0: @opening is what was written down when the SYN went out, and it is over. In SYN_RECV are also sockets of a
 * listener, which may be at the address of one whose end was not seen.
 */
static __always_inline int end_opening(const struct sock *sk, __u32 old_state,
				       struct socket_row *opening)
{
	const struct socket_row *row;
	int place;

	if (old_state == TCP_SYN_RECV_STATE && !READ(sk, sk_socket))
		return -1; /* nobody has accepted it yet, let alone called connect() */
	place = find_place(number_of(sk));
	row = row_at(place);
	if (!row)
		return -1;
	*opening = *row;
	free_place(place);
	return old_state == TCP_SYN_SENT_STATE || opening->crossed ? 0 : -1;
}

#endif
