/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What is remembered of connections that speak HTTP, and where bytes are put together. */
#ifndef SHUNT_HTTP_MAPS_H
#define SHUNT_HTTP_MAPS_H

#include "http_calls.h"

/* Twice of what the controller follows: it forgets first, and counts what is missing by that. */
#define CONVERSATIONS_MAX 8192
#define SOCKET_SET_BITS 10 /* nearly the same: 7,168 */
#define PIECE_BYTES 4095

/*
 * Places of a CPU where bytes are put together. Nothing interrupts a program of sockets there, so those
 * share one. A kernel that preempts may stop a program of functions and run another one meanwhile: each
 * of these takes a place of its own.
 */
#define SOCKET_SLOT 0
#define SLOTS 4

/* 0: nothing inside of TLS is looked at. The controller sets it. */
const volatile __u32 reads_tls = 1;

/* Of a TLS connection. */
struct conversation_key {
	__u64 ssl; /* address in its process */
	__u32 pid;
	__u32 pad;
};

/* Where one way of an HTTP/2 connection is (RFC 9113, 4.1). */
struct frame_place {
	__u8 header[16]; /* the 9 bytes of a frame's header, as far as they have come */
	__u32 have; /* of those */
	__u32 left; /* bytes of the payload, or of the preface, that have not come yet */
	__u32 is_data; /* 1: they are told by number */
	__u32 pad;
};

/* Where one way of a connection is in the head of a message, which may come in any number of calls. */
struct head_place {
	__u32 bytes; /* copied of it so far; 0: none has begun, or it has ended */
	__u32 tail; /* the last four of them */
};

/* A socket or a TLS connection that has spoken HTTP since somebody reads. */
struct conversation {
	__u64 number;
	__u64 position[2]; /* indexed by enum trace_way: bytes so far */
	__u32 sequence[2]; /* TCP's own, read up to and written up to */
	__u32 is_http2;
	__u32 skipped; /* 1: nothing is told until the next request that there is room for */
	__u32 asks; /* 1 + enum trace_way of its requests; 0: none was seen */
	__u32 told; /* 1: something was */
	__u32 unanswered; /* 1: nothing went the other way since a request was skipped */
	__u32 pad;
	__u64 asked_at; /* jiffies */
	__u64 shed_in; /* this second; 0: not */
	struct trace_socket socket; /* of TLS with port 0 until it is seen */
	struct frame_place frames[2]; /* indexed by enum trace_way */
	struct head_place heads[2]; /* the same */
};

/*
 * Of sockets; free when they are destroyed, and when a new connection begins at the address. Full, that is both
 * sets of a socket are: the one that asked least recently is forgotten; it begins anew with its next message.
 */
#define SOCKET_ROW struct conversation
#include "socket_table.h"

/*
 * Written by the programs of its owner's calls, deleted when the library frees it, and when a new connection
 * begins at its address. Full: the one that spoke least recently is forgotten; it begins anew with its next
 * message.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CONVERSATIONS_MAX);
	__type(key, struct conversation_key);
	__type(value, struct conversation);
} tls_conversations SEC(".maps");

struct piece {
	struct trace_bytes head;
	__u8 payload[PIECE_BYTES + 1];
	__u32 taken; /* 1: a program of functions uses it */
	__u32 pad;
};

/* Too large for the stack. Key: the slot. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct piece);
} pieces SEC(".maps");

/* Where copying is. */
struct copying {
	struct buffers buffers;
	__u64 in_buffer;
	__u32 index;
	__u32 left; /* bytes of the call */
	__u32 room; /* of the call */
	__u32 buffer_room;
	__u32 is_http2;
	__u32 unread; /* 1: what was not copied is more than data of HTTP/2 */
	__u32 slot;
	__u32 pad;
	struct frame_place frames; /* of this way */
	struct head_place head; /* of this way */
};

/*
 * Not on the stack: the verifier would follow each of its values through each round of the loop. Key: the
 * slot.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct copying);
} copyings SEC(".maps");

/* Of the last connection. */
__u64 connections_seen;

static __always_inline struct piece *piece_of(__u32 slot)
{
	return bpf_map_lookup_elem(&pieces, &slot);
}

#endif
