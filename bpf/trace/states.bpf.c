// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * How long TCP sockets stay in which state, and who ends them. The tracepoint is the one place that all
 * changes pass, those of sockets that a listener makes (which begin in SYN_RECV) too. TIME_WAIT is not
 * among them: the kernel closes the socket and keeps a smaller thing in its place.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "trace_record.h"

#include "license.h"

#define SOCKETS_MAX 65536

/* What is remembered of a socket from one change to the next. */
struct known {
	__u64 since_ns; /* CLOCK_MONOTONIC: of the last change */
	struct trace_process process;
};

/*
 * Key: kernel address of the struct sock. Written with each change, deleted when the socket closes. Full:
 * the time in the state is not told; counted as untracked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SOCKETS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct known);
} sockets SEC(".maps");

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
	see_socket(&record->socket, sk);
	record->readers = readers_of(&record->socket, record->process.pid, sk);
	if (!record->readers)
		return;
	if (!is_permitted(record->socket.cgroup_id, record->time_ns))
		return;
	record->cookie = socket_cookie(sk);
	record->errno_value = socket_error(sk);
	write_record(record, sizeof(*record));
}

static __always_inline void remember(const struct trace_change *record)
{
	struct known next = {.since_ns = record->time_ns, .process = record->process};

	if (record->new_state == TCP_CLOSE_STATE)
		bpf_map_delete_elem(&sockets, &record->sk);
	else if (bpf_map_update_elem(&sockets, &record->sk, &next, BPF_ANY))
		__sync_fetch_and_add(&state.untracked, 1);
}

static __always_inline int see_change(const struct sock *sk, __u32 old_state, __u32 new_state)
{
	struct trace_change record = {.time_ns = bpf_ktime_get_ns(),
				      .sk = (__u64)sk,
				      .old_state = old_state,
				      .new_state = new_state};
	const struct known *known;

	if (!is_tcp(sk) || old_state == new_state)
		return 0;
	known = bpf_map_lookup_elem(&sockets, &record.sk);
	/* A new socket at the address of one whose end was not seen begins anew. */
	if (known && old_state != TCP_CLOSE_STATE && new_state != TCP_SYN_RECV_STATE) {
		record.in_state_ns = record.time_ns - known->since_ns;
		record.process = known->process;
	}
	if (is_by_owner(old_state, new_state))
		see_process(&record.process);
	tell(&record, sk);
	remember(&record);
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
