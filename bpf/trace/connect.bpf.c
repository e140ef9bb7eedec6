// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * How long connect() takes, and which fail. Every change of a TCP state passes one tracepoint, and so do
 * all ways in which connect() fails: an RST, ICMP, a timer, a close. A probe of tcp_rcv_state_process()
 * would see only what a packet ends. With BTF the kernel calls the program without a copy of arguments.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "opening.h"

#include "license.h"

/* A function of its own, so that the object describes the record: a test compares it. */
static __noinline void write_connect(const struct trace_connect *record)
{
	write_record(record, sizeof(*record));
}

/*
 * Whether there is room is asked where a connect begins: asked where it ends, those that take longest would have to
 * find room twice, as nothing is written down of one for which there is none.
 */
static __always_inline void begin(const struct sock *sk)
{
	__u32 readers = readers_of(sk, bpf_get_current_pid_tgid() >> 32);

	count_matched(readers);
	if (readers && is_permitted_for(sk))
		begin_opening(sk, readers);
	else
		forget_socket(sk);
}

static __always_inline void tell(const struct sock *sk, const struct socket_row *opening,
				 __u32 new_state)
{
	struct trace_connect record = {};

	/* Another reader may have the place of one that has left meanwhile. */
	record.readers = opening->readers & readers_of(sk, opening->process.pid);
	if (!record.readers)
		return;
	see_socket(&record.socket, sk);
	record.time_ns = bpf_ktime_get_ns();
	record.latency_ns = record.time_ns - opening->since_ns;
	record.process = opening->process;
	record.established = new_state == TCP_ESTABLISHED_STATE;
	if (!record.established)
		record.errno_value = socket_error(sk);
	write_connect(&record);
}

/* What most changes are not is asked before the socket is looked at: there are ten of them a connection. */
static __always_inline int see_change(const struct sock *sk, __u32 old_state, __u32 new_state)
{
	struct socket_row opening;

	if (new_state == TCP_SYN_SENT_STATE) {
		if (is_tcp(sk))
			begin(sk);
		return 0;
	}
	if (old_state != TCP_SYN_SENT_STATE && old_state != TCP_SYN_RECV_STATE)
		return 0;
	if (!is_tcp(sk))
		return 0;
	if (new_state == TCP_SYN_RECV_STATE)
		cross_opening(sk);
	else if (!end_opening(sk, old_state, &opening))
		tell(sk, &opening, new_state);
	return 0;
}

SEC("?tp_btf/inet_sock_set_state")
int connect_btf(__u64 *arguments)
{
	return see_change((const void *)arguments[0], arguments[1], arguments[2]);
}

SEC("?raw_tp/inet_sock_set_state")
int connect_raw(struct bpf_raw_tracepoint_args *arguments)
{
	return see_change((const void *)arguments->args[0], arguments->args[1], arguments->args[2]);
}
