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
	__u64 since_ns; /* CLOCK_MONOTONIC: of the last change; 0: it was shed */
	__u64 shed_in; /* this second */
	struct trace_process process;
	__u32 shed_from; /* bit per reader; 0: it is not shed */
	__u32 state; /* that it was seen to take last; another one: a change was missed */
};

#define SOCKET_ROW struct socket_row
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

/*
 * 1: the socket was shed in this second, in which there is no more room. So what it does next costs a look into the
 * table: no readers, no clock, no rate, and no write, for which CPUs would take turns.
 */
static __always_inline int stays_shed(const struct socket_row *row)
{
	if (!row->shed_from || row->shed_in != this_second())
		return 0;
	count_matched(row->shed_from);
	COUNT(shed);
	return 1;
}

static __always_inline void begin_shedding(struct socket_row *row, __u32 readers)
{
	row->since_ns = 0;
	row->shed_in = this_second();
	row->shed_from = readers;
}

static __always_inline void see_in_row(const struct sock *sk, struct socket_row *row,
				       struct trace_change *record)
{
	if (is_by_owner(record->old_state, record->new_state))
		see_process(&row->process);
	record->process = row->process;
	record->readers = readers_of(&record->socket, record->process.pid, sk);
	count_matched(record->readers);
	if (record->readers && !is_permitted_for(sk)) {
		begin_shedding(row, record->readers);
		return;
	}
	record->time_ns = bpf_ktime_get_ns();
	if (row->since_ns && row->state == record->old_state)
		record->in_state_ns = record->time_ns - row->since_ns;
	if (record->readers)
		tell(record, sk);
	row->since_ns = record->time_ns;
	row->state = record->new_state;
	row->shed_from = 0;
}

/* @place: of the socket; -1: it has none. */
static __noinline int see_unshed(const struct sock *sk, int place, __u32 old_state, __u32 new_state)
{
	struct trace_change record = {
		.sk = (__u64)sk, .old_state = old_state, .new_state = new_state};
	struct socket_row nothing = {}, *row;

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
	return place;
}

static __always_inline int see_change(const struct sock *sk, __u32 old_state, __u32 new_state)
{
	const struct socket_row *row;
	int place;

	if (!is_tcp(sk) || old_state == new_state)
		return 0;
	place = find_place(number_of(sk));
	row = row_at(place);
	if (!row || begins(old_state, new_state) || !stays_shed(row))
		place = see_unshed(sk, place, old_state, new_state);
	if (new_state == TCP_CLOSE_STATE)
		free_place(place);
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
