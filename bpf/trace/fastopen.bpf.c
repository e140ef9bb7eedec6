// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Who uses TCP Fast Open, and whether it works: looked up in the socket when its handshake is over. A
 * client knows by then whether the answer acknowledges its data, a server whether it took data from the
 * SYN. What a server does for a SYN without data (it hands out a cookie) leaves no trace in a socket.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "opening.h"

#include "license.h"

/* Before the kernel gives up on its data, it has asked whether all that it sent is acknowledged. */
static __noinline enum trace_fast_open asked_by_client(const struct tcp_sock___trace *tp)
{
	if (BPF_CORE_READ_BITFIELD_PROBED(tp, syn_data))
		return READ(tp, snd_una) == READ(tp, snd_nxt) ? TRACE_FAST_OPEN_ACCEPTED
							      : TRACE_FAST_OPEN_REFUSED;
	return BPF_CORE_READ_BITFIELD_PROBED(tp, syn_fastopen) ? TRACE_FAST_OPEN_ASKED
							       : TRACE_FAST_OPEN_NONE;
}

static __noinline enum trace_fast_open granted_by_server(const struct tcp_sock___trace *tp)
{
	return BPF_CORE_READ_BITFIELD_PROBED(tp, syn_data_acked) ? TRACE_FAST_OPEN_ACCEPTED
								 : TRACE_FAST_OPEN_NONE;
}

/* A function of its own, so that the object describes the record: a test compares it. */
static __noinline void write_handshake(const struct trace_handshake *record)
{
	write_record(record, sizeof(*record));
}

static __always_inline void tell(struct trace_handshake *record, const struct sock *sk)
{
	record->readers = readers_of(sk, record->process.pid);
	count_matched(record->readers);
	if (!record->readers)
		return;
	if (record->fast_open == TRACE_FAST_OPEN_NONE)
		return; /* counted, so that a share can be told */
	if (!is_permitted_for(sk))
		return;
	record->time_ns = bpf_ktime_get_ns();
	see_socket(&record->socket, sk);
	write_handshake(record);
}

/* 1: it asks for a cookie, or has data for the SYN; or it will, with its first write. */
static __always_inline int may_ask(const struct tcp_sock___trace *tp)
{
	return READ(tp, fastopen_req) || BPF_CORE_READ_BITFIELD_PROBED(tp, fastopen_connect);
}

/* Of a handshake that is counted only, the process need not be known, but for a reader who asks for one. */
static __always_inline void begin(const struct sock *sk)
{
	if (state.by_process || may_ask((const void *)sk))
		begin_opening(sk, 0);
	else
		forget_socket(sk);
}

static __always_inline void see_established(const struct sock *sk, __u32 old_state)
{
	struct trace_handshake record = {};
	struct socket_row opening;
	int is_client = old_state == TCP_SYN_SENT_STATE;

	/* From SYN_RECV: a server's, or both ends have called connect(). */
	if (!end_opening(sk, old_state, &opening)) {
		record.process = opening.process;
		is_client = 1;
	}
	record.side = is_client ? SIDE_ACTIVE : SIDE_PASSIVE;
	record.fast_open =
		is_client ? asked_by_client((const void *)sk) : granted_by_server((const void *)sk);
	tell(&record, sk);
}

/* What most changes are not is asked before the socket is looked at: there are ten of them a connection. */
static __always_inline int see_change(const struct sock *sk, __u32 old_state, __u32 new_state)
{
	struct socket_row opening;

	if (new_state == TCP_SYN_SENT_STATE) {
		if (is_tcp(sk))
			begin(sk);
	} else if (new_state == TCP_ESTABLISHED_STATE) {
		if (is_tcp(sk))
			see_established(sk, old_state);
	} else if (old_state == TCP_SYN_SENT_STATE || old_state == TCP_SYN_RECV_STATE) {
		if (!is_tcp(sk))
			return 0;
		if (new_state == TCP_SYN_RECV_STATE)
			cross_opening(sk);
		else
			end_opening(sk, old_state, &opening);
	}
	return 0;
}

SEC("?tp_btf/inet_sock_set_state")
int fastopen_btf(__u64 *arguments)
{
	return see_change((const void *)arguments[0], arguments[1], arguments[2]);
}

SEC("?raw_tp/inet_sock_set_state")
int fastopen_raw(struct bpf_raw_tracepoint_args *arguments)
{
	return see_change((const void *)arguments->args[0], arguments->args[1], arguments->args[2]);
}
