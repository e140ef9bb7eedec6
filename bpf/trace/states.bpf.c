// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * How long TCP sockets stay in which state, and who ends them. The tracepoint is the one place that all
 * changes pass, those of sockets that a listener makes (which begin in SYN_RECV) too. TIME_WAIT is not
 * among them: the kernel closes the socket and keeps a smaller thing in its place.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#define SOCKET_SET_BITS 14 /* room for 65,536 sockets, and mostly for twice as many */
#include "socket_table.h"

#include "license.h"

/* 1: only a system call of the socket's owner makes this change: connect(), listen(), close(). */
static __always_inline int is_by_owner(__u32 old_state, __u32 new_state)
{
	return new_state == TCP_SYN_SENT_STATE || new_state == TCP_LISTEN_STATE ||
	       new_state == TCP_FIN_WAIT1_STATE || new_state == TCP_LAST_ACK_STATE ||
	       (old_state == TCP_LISTEN_STATE && new_state == TCP_CLOSE_STATE);
}

/* A function of its own, so that the object describes the record: a test compares it. */
static __noinline void tell(struct trace_change *record, const struct sock *sk)
{
	record->readers = permitted_readers(&record->socket, record->process.pid, sk);
	if (!record->readers)
		return;
	record->cookie = socket_cookie(sk);
	record->errno_value = socket_error(sk);
	write_record(record, sizeof(*record));
}

static __always_inline void remember(struct socket_row *row, const struct trace_change *record)
{
	row->since_ns = record->time_ns;
	row->process = record->process;
}

static __always_inline int see_change(const struct sock *sk, __u32 old_state, __u32 new_state)
{
	struct trace_change record = {
		.sk = (__u64)sk, .old_state = old_state, .new_state = new_state};
	int place, closes = new_state == TCP_CLOSE_STATE;
	struct socket_row *row;

	if (!is_tcp(sk) || old_state == new_state)
		return 0;
	place = closes ? find_place(&record.sk) : take_place(&record.sk);
	row = row_at(place);
	record.time_ns = bpf_ktime_get_ns();
	/* A new socket at the address of one whose end was not seen begins anew. */
	if (row && row->since_ns && old_state != TCP_CLOSE_STATE &&
	    new_state != TCP_SYN_RECV_STATE) {
		record.in_state_ns = record.time_ns - row->since_ns;
		record.process = row->process;
	}
	if (is_by_owner(old_state, new_state))
		see_process(&record.process);
	tell(&record, sk);
	if (closes)
		free_place(place);
	else if (row)
		remember(row, &record);
	else
		COUNT(untracked);
	return 0;
}

SEC("?tp_btf/inet_sock_set_state")
int states_btf(__u64 *arguments)
{
	return see_change((const void *)arguments[0], arguments[1], arguments[2]);
}

SEC("?raw_tp/inet_sock_set_state")
int states_raw(struct bpf_raw_tracepoint_args *arguments)
{
	return see_change((const void *)arguments->args[0], arguments->args[1], arguments->args[2]);
}
