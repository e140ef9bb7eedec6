// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * How long TCP sockets stay in which state, and who ends them. The tracepoint is the one place that all
 * changes pass, those of sockets that a listener makes (which begin in SYN_RECV) too. TIME_WAIT is not
 * among them: the kernel closes the socket and keeps a smaller thing in its place.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "trace_record.h"

struct socket_row {
	__u64 since_ns; /* CLOCK_MONOTONIC: of the last change that was seen; 0: none */
	struct trace_process process;
	__u32 state; /* that it took with it; another one: a change was missed or shed */
	__u32 pad;
};

#define SOCKET_ROW struct socket_row
#define SOCKET_SET_BITS 14 /* room for 65,536 sockets, and mostly for half as many more */
#include "socket_table.h"

#include "license.h"

/* 1: only a system call of the socket's owner makes this change: connect(), listen(), close(). */
static __always_inline int is_by_owner(__u32 old_state, __u32 new_state)
{
	return new_state == TCP_SYN_SENT_STATE || new_state == TCP_LISTEN_STATE ||
	       new_state == TCP_FIN_WAIT1_STATE || new_state == TCP_LAST_ACK_STATE ||
	       (old_state == TCP_LISTEN_STATE && new_state == TCP_CLOSE_STATE);
}

/* From SYN_SENT to SYN_RECV goes a socket both of whose ends have called connect(). */
static __always_inline int begins(__u32 old_state, __u32 new_state)
{
	return old_state == TCP_CLOSE_STATE ||
	       (new_state == TCP_SYN_RECV_STATE && old_state != TCP_SYN_SENT_STATE);
}

/* A function of its own, so that the object describes the record: a test compares it. */
static __noinline void tell(struct trace_change *record, const struct sock *sk)
{
	see_socket(&record->socket, sk);
	record->cookie = socket_cookie(sk);
	record->errno_value = socket_error(sk);
	write_record(record, sizeof(*record));
}

static __always_inline void see_in_row(const struct sock *sk, struct socket_row *row,
				       struct trace_change *record)
{
	if (is_by_owner(record->old_state, record->new_state))
		see_process(&row->process);
	record->process = row->process;
	record->readers = readers_of(sk, record->process.pid);
	count_matched(record->readers);
	if (record->readers && !is_permitted_for(sk))
		return;
	record->time_ns = bpf_ktime_get_ns();
	if (row->since_ns && row->state == record->old_state)
		record->in_state_ns = record->time_ns - row->since_ns;
	if (record->readers)
		tell(record, sk);
	row->since_ns = record->time_ns;
	row->state = record->new_state;
}

static __noinline void see_unshed(const struct sock *sk, __u32 old_state, __u32 new_state)
{
	struct trace_change record = {
		.sk = (__u64)sk, .old_state = old_state, .new_state = new_state};
	struct socket_row nothing = {}, *row;
	int place = find_place(number_of(sk));

	if (place < 0 && new_state != TCP_CLOSE_STATE) {
		place = add_place(number_of(sk));
		if (place < 0)
			COUNT(untracked);
	}
	row = row_at(place);
	if (!row)
		row = &nothing;
	/* At the address of one whose end was not seen, perhaps. */
	if (begins(old_state, new_state))
		*row = nothing;
	see_in_row(sk, row, &record);
	if (new_state == TCP_CLOSE_STATE)
		free_place(place);
}

/*
 * Where more sockets change than may be told, most changes go no further than the look whether there is room. But
 * a row is one socket's: where one begins or ends, it goes.
 */
static __always_inline int see_change(const struct sock *sk, __u32 old_state, __u32 new_state)
{
	if (!is_tcp(sk) || old_state == new_state)
		return 0;
	if (!is_shed_unseen(sk))
		see_unshed(sk, old_state, new_state);
	else if (begins(old_state, new_state) || new_state == TCP_CLOSE_STATE)
		forget_socket(sk);
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
