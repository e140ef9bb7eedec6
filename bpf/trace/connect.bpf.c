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

static __always_inline void tell(const struct sock *sk, const struct opening *opening,
				 __u32 new_state)
{
	struct trace_connect record = {.time_ns = bpf_ktime_get_ns()};

	see_socket(&record.socket, sk);
	record.readers = readers_of(&record.socket, opening->process.pid, sk);
	if (!record.readers)
		return;
	if (!is_permitted(record.socket.cgroup_id, record.time_ns))
		return;
	record.latency_ns = record.time_ns - opening->begin_ns;
	record.process = opening->process;
	record.established = new_state == TCP_ESTABLISHED_STATE;
	if (!record.established)
		record.errno_value = socket_error(sk);
	write_connect(&record);
}

static __always_inline int see_change(const struct sock *sk, __u32 new_state)
{
	struct opening opening;

	if (!is_tcp(sk))
		return 0;
	if (new_state == TCP_SYN_SENT_STATE) {
		begin_opening(sk);
		return 0;
	}
	/* SYN_RECV: both ends have called connect(); it goes on. */
	if (new_state != TCP_ESTABLISHED_STATE && new_state != TCP_CLOSE_STATE)
		return 0;
	if (!end_opening(sk, &opening))
		tell(sk, &opening, new_state);
	return 0;
}

SEC("?tp_btf/inet_sock_set_state")
int connect_btf(__u64 *arguments)
{
	return see_change((const void *)arguments[0], arguments[2]);
}

SEC("?raw_tp/inet_sock_set_state")
int connect_raw(struct bpf_raw_tracepoint_args *arguments)
{
	return see_change((const void *)arguments->args[0], arguments->args[2]);
}
