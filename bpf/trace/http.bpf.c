// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * What sockets that speak HTTP carry, as their owners' system calls hand it over: the same for data that
 * goes past TCP and for data that does not. Linux tells of each send and receive on a socket (6.3); the
 * call's arguments lead to its buffers. So nothing else a process does costs anything. Before 6.3 the
 * end of every system call is looked at. A socket is followed from the first call that begins with a
 * message of HTTP; what others carry is not copied. Where readers want it, plaintext is taken from calls of
 * TLS libraries in the same way.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "http_tell.h"
#include "http_call_end.h"
#include "http_tls.h"

#include "license.h"

/* @thrown: the bytes were not copied to the buffers of the call. @row: 0: it has none yet. */
static __noinline int see_bytes(const struct sock *sk, struct conversation *row, __u32 way,
				__u32 bytes, __u32 thrown)
{
	struct buffers buffers = {};
	struct call call = {};
	struct piece *piece;
	__u32 redirected;
	enum start start;
	int begins;

	read_call((const void *)bpf_task_pt_regs(bpf_get_current_task_btf()), &call);
	if (thrown)
		call.number = ~0ULL;
	find_buffers(&call, &buffers);
	start = find_start(&buffers, bytes);
	begins = !row;
	if (!row && start != START_NONE)
		row = begin_conversation(sk);
	piece = piece_of(SOCKET_SLOT);
	if (!row || !piece)
		return 0;
	piece->head.way = way;
	piece->head.position = place(row, sk, way, bytes, &redirected);
	piece->head.flags = redirected ? TRACE_BYTES_REDIRECTED : 0;
	piece->head.readers = readers_of_call(row, (__u64)READ(sk, sk_cgrp_data.cgroup), begins);
	return tell_bytes(SOCKET_SLOT, row, &buffers, bytes, start);
}

/* Whether a receive of nothing is the end: who asks for no bytes gets none either. */
static __always_inline int is_at_end(const struct sock *sk)
{
	const struct tcp_sock *tp = (const void *)sk;

	return has_fin(sk) && (__s32)(READ(tp, rcv_nxt) - READ(tp, copied_seq)) <= FIN_SEQUENCE;
}

static __always_inline int see_call(const struct sock *sk, __u32 way, long result, __u32 flags)
{
	struct conversation *row;
	__u32 redirected;

	if (!is_tcp(sk) || flags & (MSG_PEEK_FLAG | MSG_ERRQUEUE_FLAG))
		return 0;
	if (result < 0 || is_of_tls(sk, way, result))
		return 0;
	row = row_at(find_place(number_of(sk)));
	if (!result) {
		if (way == TRACE_RECEIVED && is_at_end(sk))
			see_end(row, way);
		return 0;
	}
	if (row && (is_passed_over(row, way) || stays_shed(row, way))) {
		place(row, sk, way, result, &redirected);
		see_way(row, way);
		return 0;
	}
	return see_bytes(sk, row, way, result, flags & MSG_TRUNC_FLAG);
}

static __always_inline int see_state(const struct sock *sk, __u32 next)
{
	int place;

	if (next != TCP_ESTABLISHED_STATE && next != TCP_FIN_WAIT1_STATE &&
	    next != TCP_LAST_ACK_STATE && next != TCP_CLOSE_STATE)
		return 0;
	place = find_place(number_of(sk));
	if (next == TCP_ESTABLISHED_STATE)
		free_place(place); /* of one at its address whose end was not seen */
	else
		see_end(row_at(place), TRACE_SENT); /* its owner may still read what has come */
	return 0;
}

/* The owner has let go of it, however it has ended: a reset connection closes before that. */
static __always_inline int see_destroy(const struct sock *sk)
{
	int place = find_place(number_of(sk));

	see_end(row_at(place), TRACE_RECEIVED);
	free_place(place);
	return 0;
}

SEC("?tp_btf/sock_send_length")
int http_send_btf(__u64 *arguments)
{
	return see_call((const void *)arguments[0], TRACE_SENT, (int)arguments[1], arguments[2]);
}

SEC("?tp_btf/sock_recv_length")
int http_receive_btf(__u64 *arguments)
{
	return see_call((const void *)arguments[0], TRACE_RECEIVED, (int)arguments[1],
			arguments[2]);
}

SEC("?tp_btf/inet_sock_set_state")
int http_state_btf(__u64 *arguments)
{
	return see_state((const void *)arguments[0], arguments[2]);
}

SEC("?tp_btf/tcp_destroy_sock")
int http_destroy_btf(__u64 *arguments)
{
	return see_destroy((const void *)arguments[0]);
}

SEC("?raw_tp/sys_exit")
int http_exit_raw(struct bpf_raw_tracepoint_args *arguments)
{
	struct call call = {};
	struct ended ended = {};

	read_call((const void *)arguments->args[0], &call);
	if (find_socket(&call, arguments->args[1], &ended))
		return 0;
	return see_call(ended.sk, ended.way, arguments->args[1], ended.flags);
}

SEC("?raw_tp/inet_sock_set_state")
int http_state_raw(struct bpf_raw_tracepoint_args *arguments)
{
	return see_state((const void *)arguments->args[0], arguments->args[2]);
}

SEC("?raw_tp/tcp_destroy_sock")
int http_destroy_raw(struct bpf_raw_tracepoint_args *arguments)
{
	return see_destroy((const void *)arguments->args[0]);
}

SEC("?uprobe")
int http_tls_read(struct pt_regs *regs)
{
	return begin_tls_call(regs, TRACE_RECEIVED, PT_REGS_PARM2(regs), 0);
}

SEC("?uprobe")
int http_tls_read_ex(struct pt_regs *regs)
{
	return begin_tls_call(regs, TRACE_RECEIVED, PT_REGS_PARM2(regs), PT_REGS_PARM4(regs));
}

SEC("?uprobe")
int http_tls_write(struct pt_regs *regs)
{
	return begin_tls_call(regs, TRACE_SENT, PT_REGS_PARM2(regs), 0);
}

SEC("?uprobe")
int http_tls_write_ex(struct pt_regs *regs)
{
	return begin_tls_call(regs, TRACE_SENT, PT_REGS_PARM2(regs), PT_REGS_PARM4(regs));
}

SEC("?uprobe")
int http_tls_sendfile(struct pt_regs *regs)
{
	return begin_tls_call(regs, TRACE_SENT, 0, 0);
}

/* Of reads and writes, of all kinds. */
SEC("?uretprobe")
int http_tls_end(struct pt_regs *regs)
{
	return end_tls_call(regs);
}

/* The library frees a connection, or the program begins another one with it. */
SEC("?uprobe")
int http_tls_free(struct pt_regs *regs)
{
	return free_tls(regs);
}
