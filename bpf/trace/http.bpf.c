// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * What sockets that speak HTTP carry, as their owners' system calls hand it over: the same for data that
 * goes past TCP and for data that does not. Linux tells of each send and receive on a socket (6.3); the
 * call's arguments lead to its buffers. So nothing else a process does costs anything. Before 6.3 the
 * end of every system call is looked at. A socket is followed from the first call that begins with a
 * message of HTTP; what others carry is not copied.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "http_copy.h"
#include "http_share.h"
#include "http_start.h"
#include "http_call_end.h"

#include "license.h"

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

static __noinline struct conversation *begin_conversation(const struct sock *sk, __u64 key)
{
	struct conversation fresh = {};

	see_socket(&fresh.socket, sk);
	fresh.number = __sync_fetch_and_add(&connections_seen, 1) + 1;
	if (bpf_map_update_elem(&conversations, &key, &fresh, BPF_ANY)) {
		__sync_fetch_and_add(&state.untracked, 1);
		return 0;
	}
	return bpf_map_lookup_elem(&conversations, &key);
}

/*
 * Where the bytes lie. TCP's own sequence tells what moved without a call that is seen (splice()): it
 * leaves a gap. It also tells what did not move by TCP.
 */
static __always_inline void place(struct trace_bytes *head, struct conversation *row,
				  const struct sock *sk, __u32 bytes)
{
	__u32 way = head->way & 1, sequence = sequence_of(sk, way), advance;

	if (row->position[way]) {
		advance = sequence - row->sequence[way];
		if ((__s32)(advance - bytes) > 0)
			__sync_fetch_and_add(&row->position[way], advance - bytes);
	} else {
		advance = carried_by_tcp(sk, way) < bytes ? 0 : bytes;
	}
	row->sequence[way] = sequence;
	head->flags = advance < bytes ? TRACE_BYTES_REDIRECTED : 0;
	head->position = __sync_fetch_and_add(&row->position[way], bytes);
}

/*
 * 1: there is room. @begins: a request, which goes untold with its answer if there is none, or a connection of
 * HTTP/2: that can be read as a whole only, and the controller bounds its rows.
 */
static __always_inline int has_room(struct conversation *row, int begins, __u64 now)
{
	if (begins)
		row->skipped = !is_permitted(row->socket.cgroup_id, now);
	return !row->skipped;
}

static __always_inline void describe(struct trace_bytes *head, const struct conversation *row,
				     const struct sock *sk)
{
	struct subject subject = {.group = (__u64)READ(sk, sk_cgrp_data.cgroup)};

	head->time_ns = bpf_ktime_get_ns();
	head->connection = row->number;
	head->socket = row->socket;
	head->captured_bytes = 0;
	head->pad = 0;
	see_process(&head->process);
	subject.pid = head->process.pid;
	head->readers = find_readers(&row->socket, &subject);
}

static __noinline int see_bytes(const struct sock *sk, __u32 way, __u32 bytes,
				const struct call *call)
{
	struct buffers buffers = {};
	struct conversation *row;
	struct piece *piece;
	__u64 key = (__u64)sk;
	int begins_http2, begins;
	__u32 first = 0;
	enum start start;

	find_buffers(call, &buffers);
	start = find_start(&buffers, bytes);
	row = bpf_map_lookup_elem(&conversations, &key);
	begins = !row;
	if (!row && start != START_NONE)
		row = begin_conversation(sk, key);
	piece = bpf_map_lookup_elem(&pieces, &first);
	if (!row || !piece)
		return 0;
	piece->head.way = way;
	place(&piece->head, row, sk, bytes);
	describe(&piece->head, row, sk);
	piece->head.readers = readers_of_share(piece->head.readers, row->socket.netns_cookie,
					       row->number, begins);
	begins_http2 = start == START_HTTP2 && !row->is_http2;
	if (begins_http2) {
		row->is_http2 = 1;
		row->frames[way & 1].left = PREFACE_BYTES;
	}
	if (!piece->head.readers) {
		row->skipped |= row->is_http2; /* who comes later could read nothing of it */
		return 0;
	}
	if (!has_room(row, begins_http2 || (start == START_REQUEST && !row->is_http2),
		      piece->head.time_ns))
		return 0;
	if (row->is_http2)
		row->skipped |= copy_http2(&buffers, bytes, &row->frames[way & 1]);
	else
		copy_bytes(&buffers, bytes,
			   start == START_NONE && bytes > SMALL_BYTES ? BODY_ROOM : BEGIN_ROOM);
	return 0;
}

/* Nothing more comes this way. Also called for packets, which may interrupt a call that is looked at. */
static __noinline int see_end(const struct sock *sk, __u32 way)
{
	__u64 key = (__u64)sk;
	struct conversation *row = bpf_map_lookup_elem(&conversations, &key);
	struct trace_bytes end = {.way = way, .flags = TRACE_BYTES_END};

	if (!row)
		return 0;
	end.time_ns = bpf_ktime_get_ns();
	end.connection = row->number;
	end.position = row->position[way & 1];
	/* Whose filter let the connection through is not known here. */
	end.readers = (1U << TRACE_READERS_MAX) - 1;
	if (bpf_ringbuf_output(&records, &end, sizeof(end), BPF_RB_NO_WAKEUP))
		__sync_fetch_and_add(&state.lost, 1);
	return 0;
}

/* Whether a receive of nothing is the end: who asks for no bytes gets none either. */
static __always_inline int is_at_end(const struct sock *sk)
{
	const struct tcp_sock *tp = (const void *)sk;

	return has_fin(sk) && (__s32)(READ(tp, rcv_nxt) - READ(tp, copied_seq)) <= FIN_SEQUENCE;
}

static __always_inline int see_call(const struct sock *sk, __u32 way, long result, __u32 flags)
{
	struct call call = {};

	if (result < 0 || !is_tcp(sk) || flags & (MSG_PEEK_FLAG | MSG_ERRQUEUE_FLAG))
		return 0;
	if (!result) {
		if (way == TRACE_RECEIVED && is_at_end(sk))
			see_end(sk, way);
		return 0;
	}
	read_call((const void *)bpf_task_pt_regs(bpf_get_current_task_btf()), &call);
	if (flags & MSG_TRUNC_FLAG)
		call.number = ~0ULL; /* thrown away, not copied */
	return see_bytes(sk, way, result, &call);
}

static __always_inline int see_state(const struct sock *sk, __u32 next)
{
	__u64 key = (__u64)sk;

	if (!is_tcp(sk))
		return 0;
	switch (next) {
	case TCP_ESTABLISHED_STATE:
		bpf_map_delete_elem(&conversations, &key);
		break;
	case TCP_FIN_WAIT1_STATE:
	case TCP_LAST_ACK_STATE:
		see_end(sk, TRACE_SENT);
		break;
	case TCP_CLOSE_STATE: /* its owner may still read what has come */
		see_end(sk, TRACE_SENT);
		break;
	default:
		break;
	}
	return 0;
}

/* The owner has let go of it, however it has ended: a reset connection closes before that. */
static __always_inline int see_destroy(const struct sock *sk)
{
	__u64 key = (__u64)sk;

	see_end(sk, TRACE_RECEIVED);
	bpf_map_delete_elem(&conversations, &key);
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
