/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Plaintext that programs hand to OpenSSL or BoringSSL, or get of it. The library's structs are not looked
 * into: which socket a connection has is seen by what the thread does while it is in a call of the library.
 */
#ifndef SHUNT_HTTP_TLS_H
#define SHUNT_HTTP_TLS_H

#include "http_place.h"
#include "http_tell.h"
#include "library_calls.h"

#define TLS_CALLS_MAX 8192

/* A thread in a read or a write of its library. */
struct tls_call {
	__u64 ssl;
	__u64 buffer; /* 0: none, a file is sent */
	__u64 count; /* where the library writes how many bytes it was; 0: it returns that */
	__u64 stack; /* where it began: calls that it makes itself begin below */
	__u32 way; /* enum trace_way */
	__u32 redirected; /* 1: bytes of its records went past TCP */
	__u32 sequence[2]; /* of the socket, as in struct conversation */
	struct trace_socket socket; /* port 0: none was seen, or it is known already */
};

/*
 * Key: id of the thread, with that of its process. Written and deleted by the programs. Threads that died in
 * a call are pushed out by others. No memory: this call is not seen; counted as untracked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TLS_CALLS_MAX);
	__type(key, __u64);
	__type(value, struct tls_call);
} tls_calls SEC(".maps");

/*
 * Calls that have made a call for another connection, which carries theirs: of TLS to a server, through a
 * proxy that is asked over TLS itself. The same key. Written when the inner call begins, deleted when it ends.
 * Few programs do so; full: the oldest call is pushed out, and not seen.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OUTER_CALLS_MAX);
	__type(key, __u64);
	__type(value, struct tls_call);
} outer_tls_calls SEC(".maps");

static __always_inline struct tls_call *outer_tls_call(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&outer_tls_calls, &thread);
}

static __always_inline struct tls_call *current_tls_call(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&tls_calls, &thread);
}

static __always_inline struct conversation_key tls_key(__u64 ssl)
{
	struct conversation_key key = {.ssl = ssl, .pid = bpf_get_current_pid_tgid() >> 32};

	return key;
}

/* Whether its records go past TCP is known from the second call on a socket on. */
static __noinline void see_records(struct tls_call *call, const struct sock *sk, __u32 way,
				   __u32 bytes)
{
	struct conversation_key key = tls_key(call->ssl);
	struct conversation *row = bpf_map_lookup_elem(&tls_conversations, &key);
	__u32 sequence = sequence_of(sk, way);

	if (row && row->socket.remote_port) {
		if (sequence - row->sequence[way & 1] < bytes)
			call->redirected = 1;
		row->sequence[way & 1] = sequence;
		return;
	}
	call->sequence[TRACE_RECEIVED] = sequence_of(sk, TRACE_RECEIVED);
	call->sequence[TRACE_SENT] = sequence_of(sk, TRACE_SENT);
	see_socket(&call->socket, sk);
}

/*
 * 1: these bytes are records of a connection whose plaintext is seen. They are looked at all the same when
 * the socket has spoken HTTP before, as to a proxy (CONNECT): that goes on.
 */
static __always_inline int is_of_tls(const struct sock *sk, __u32 way, __u32 bytes)
{
	struct tls_call *call, *outer;

	if (!reads_tls)
		return 0;
	call = current_tls_call();
	if (!call)
		return 0;
	if (bytes) {
		see_records(call, sk, way, bytes);
		outer = outer_tls_call();
		if (outer)
			see_records(outer, sk, way, bytes);
	}
	return find_place(number_of(sk)) < 0;
}

/* Two of them are more than is known to happen: the outermost one is not seen then. */
static __always_inline void keep_outer_call(__u64 thread, const struct tls_call *outer)
{
	const struct tls_call *outermost = outer_tls_call();

	if (outermost && outer->stack < outermost->stack)
		COUNT(untracked);
	if (bpf_map_update_elem(&outer_tls_calls, &thread, outer, BPF_ANY))
		COUNT(untracked);
}

static __always_inline int begin_tls_call(struct pt_regs *regs, __u32 way, __u64 buffer,
					  __u64 count)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct tls_call fresh = {.ssl = PT_REGS_PARM1(regs),
				 .buffer = buffer,
				 .count = count,
				 .stack = PT_REGS_SP(regs),
				 .way = way};
	const struct tls_call *outer;

	if (!is_meant(regs))
		return 0;
	outer = current_tls_call();
	/* One that begins no higher on the stack has ended unseen. */
	if (outer && outer->ssl != fresh.ssl && fresh.stack < outer->stack)
		keep_outer_call(thread, outer);
	if (bpf_map_update_elem(&tls_calls, &thread, &fresh, BPF_ANY))
		COUNT(untracked);
	return 0;
}

/* A slot that nobody uses; SLOTS: there is none. */
static __always_inline __u32 take_slot(void)
{
	struct piece *piece;
	__u32 slot;

	for (slot = SOCKET_SLOT + 1; slot < SLOTS; slot++) {
		piece = piece_of(slot);
		if (piece && !__sync_lock_test_and_set(&piece->taken, 1))
			break;
	}
	return slot;
}

static __always_inline void give_slot_back(__u32 slot)
{
	struct piece *piece = piece_of(slot);

	if (piece)
		piece->taken = 0;
}

static __noinline int see_plaintext(const struct tls_call *call, __u32 bytes, __u32 slot)
{
	struct conversation_key key = tls_key(call->ssl);
	struct buffers buffers = {.only = {.address = call->buffer, .bytes = bytes}, .count = 1};
	enum start start = find_start(&buffers, bytes);
	struct conversation *row = bpf_map_lookup_elem(&tls_conversations, &key);
	struct piece *piece = piece_of(slot);
	int begins = !row;

	if (!row && start != START_NONE)
		row = begin_tls_conversation(&key);
	if (!row || !piece)
		return 0;
	if (!row->socket.remote_port && call->socket.remote_port) {
		row->socket = call->socket;
		row->sequence[TRACE_RECEIVED] = call->sequence[TRACE_RECEIVED];
		row->sequence[TRACE_SENT] = call->sequence[TRACE_SENT];
	}
	piece->head.way = call->way;
	piece->head.flags = TRACE_BYTES_TLS | (call->redirected ? TRACE_BYTES_REDIRECTED : 0);
	piece->head.position = __sync_fetch_and_add(&row->position[call->way & 1], bytes);
	piece->head.readers = readers_of_call(row, current_subject(key.pid).group, begins);
	return tell_bytes(slot, row, &buffers, bytes, start);
}

/* Leaves a gap, so that the controller knows; what comes after one of HTTP/2 cannot be read. */
static __always_inline void lose(const struct tls_call *call, __u32 bytes)
{
	struct conversation_key key = tls_key(call->ssl);
	struct conversation *row = bpf_map_lookup_elem(&tls_conversations, &key);

	COUNT(lost);
	if (!row)
		return;
	__sync_fetch_and_add(&row->position[call->way & 1], bytes);
	row->skipped |= row->is_http2;
}

static __always_inline void see_result(const struct tls_call *call, __u32 bytes)
{
	__u32 slot;

	if (!bytes)
		return;
	slot = take_slot();
	if (slot >= SLOTS) {
		lose(call, bytes);
		return;
	}
	see_plaintext(call, bytes, slot);
	give_slot_back(slot);
}

static __always_inline int end_tls_call(struct pt_regs *regs)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct tls_call *call, *outer;

	if (!is_meant(regs))
		return 0;
	call = current_tls_call();
	if (!call || PT_REGS_SP(regs) < call->stack)
		return 0; /* one that this call has made has ended, and was not kept */
	see_result(call, moved_by(call->count, PT_REGS_RC(regs)));
	bpf_map_delete_elem(&tls_calls, &thread);
	outer = outer_tls_call();
	if (!outer)
		return 0;
	if (PT_REGS_SP(regs) < outer->stack &&
	    bpf_map_update_elem(&tls_calls, &thread, outer, BPF_ANY))
		COUNT(untracked);
	bpf_map_delete_elem(&outer_tls_calls, &thread);
	return 0;
}

static __always_inline int free_tls(struct pt_regs *regs)
{
	struct conversation_key key = tls_key(PT_REGS_PARM1(regs));

	const struct conversation *row;

	if (!is_meant(regs))
		return 0;
	row = bpf_map_lookup_elem(&tls_conversations, &key);
	see_end(row, TRACE_SENT);
	see_end(row, TRACE_RECEIVED);
	bpf_map_delete_elem(&tls_conversations, &key);
	return 0;
}

#endif
