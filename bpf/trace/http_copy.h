/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Copies the bytes of a call for the controller: the beginning of each buffer, and how much there was. */
#ifndef SHUNT_HTTP_COPY_H
#define SHUNT_HTTP_COPY_H

#include "http_calls.h"
#include "http_maps.h"

/* Bodies are passed by count, so their beginnings would do; messages may follow each other in a buffer. */
#define BUFFER_ROOM 8192
/* Frames of HTTP/2 follow each other, and one whose headers are missing is the end of all. */
#define BUFFER_ROOM_HTTP2 65536
#define CALL_ROOM 131072
#define COPIES_MAX (IOVECS_MAX * 2)
/* Bytes that may wait: the controller looks ten times a second anyhow, and a wake-up costs 2 us. */
#define WAITING_BYTES 65536

static __always_inline void write_piece(struct piece *piece, __u32 captured)
{
	__u64 flags = BPF_RB_NO_WAKEUP;

	if (bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) >= WAITING_BYTES)
		flags = BPF_RB_FORCE_WAKEUP;
	if (captured > PIECE_BYTES)
		captured = PIECE_BYTES;
	piece->head.captured_bytes = captured;
	if (bpf_ringbuf_output(&records, &piece->head, sizeof(piece->head) + captured, flags))
		__sync_fetch_and_add(&state.lost, 1);
}

/*
 * So many bytes from here, and @captured of them copied. Not static, so that it is verified once, and not
 * for every way that leads to it.
 */
__noinline int tell_piece(__u32 bytes, __u32 captured, __u64 from)
{
	__u32 first = 0;
	struct piece *piece = bpf_map_lookup_elem(&pieces, &first);

	if (!piece)
		return -1;
	if (captured > PIECE_BYTES)
		captured = PIECE_BYTES;
	if (captured && bpf_probe_read_user(piece->payload, captured, (const void *)from))
		captured = 0; /* not in memory now */
	piece->head.length_bytes = bytes;
	write_piece(piece, captured);
	piece->head.position += bytes;
	return 0;
}

/* 1: no more pieces. */
static long copy_piece(__u32 number __attribute__((unused)), void *context __attribute__((unused)))
{
	struct buffer buffer = {};
	struct copying *at;
	__u32 first = 0;
	__u64 bytes;

	at = bpf_map_lookup_elem(&copyings, &first);
	if (!at || !at->left)
		return 1;
	if (!at->room || read_buffer(&at->buffers, at->index, &buffer)) {
		tell_piece(at->left, 0, 0);
		return 1;
	}
	if (at->in_buffer >= buffer.bytes) {
		at->index++;
		at->in_buffer = 0;
		return 0;
	}
	bytes = buffer.bytes - at->in_buffer;
	if (bytes > at->left)
		bytes = at->left;
	if (at->in_buffer >= at->buffer_room) {
		tell_piece(bytes, 0, 0);
	} else {
		if (bytes > PIECE_BYTES)
			bytes = PIECE_BYTES;
		if (bytes > at->room)
			bytes = at->room;
		tell_piece(bytes, bytes, buffer.address + at->in_buffer);
		at->room -= bytes;
	}
	at->in_buffer += bytes;
	at->left -= bytes;
	return 0;
}

/* The piece of this CPU has the head of the record already. Not static, as above. */
__noinline int copy_bytes(const struct buffers *buffers, __u32 bytes, __u32 is_http2)
{
	struct copying *at;
	__u32 first = 0;

	at = bpf_map_lookup_elem(&copyings, &first);
	if (!buffers || !at)
		return -1;
	at->buffers = *buffers;
	at->in_buffer = 0;
	at->index = 0;
	at->left = bytes;
	at->room = CALL_ROOM;
	at->buffer_room = is_http2 ? BUFFER_ROOM_HTTP2 : BUFFER_ROOM;
	bpf_loop(COPIES_MAX, copy_piece, 0, 0);
	return 0;
}

#endif
