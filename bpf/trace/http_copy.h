/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Copies the bytes of a call for the controller: the beginning of each buffer, and how much there was. */
#ifndef SHUNT_HTTP_COPY_H
#define SHUNT_HTTP_COPY_H

#include "http_calls.h"
#include "http_maps.h"

/*
 * Of a buffer that begins with a message, where others may follow. What goes on with a message after its head is
 * its body, unless it is small.
 */
#define BEGIN_ROOM 8192
#define BODY_ROOM 512
#define SMALL_BYTES 4096
#define CALL_ROOM 131072
#define HEAD_ROOM 65536 /* the controller reads no longer ones */
#define HEAD_END 0x0d0a0d0a /* an empty line (RFC 9112, 2.1) */
#define SCAN_BYTES 16 /* a step */
#define SCAN_STEPS ((PIECE_BYTES + 1) / SCAN_BYTES)
#define COPIES_MAX (IOVECS_MAX * 4)
#define FRAME_HEADER_BYTES 9
#define PREFACE_BYTES 24

static __always_inline void write_piece(struct piece *piece, __u32 captured)
{
	BOUND(captured, 0xfff);
	piece->head.captured_bytes = captured;
	write_record(&piece->head, sizeof(piece->head) + captured);
}

/*
 * So many bytes from here, and @captured of them copied. Returns how many could be. Not static, so that it is
 * verified once, and not for every way that leads to it.
 */
__noinline int tell_piece(__u32 slot, __u32 bytes, __u32 captured, __u64 from)
{
	struct piece *piece = piece_of(slot);

	if (!piece)
		return -1;
	if (captured > PIECE_BYTES)
		captured = PIECE_BYTES;
	BOUND(captured, 0xfff);
	if (captured && bpf_probe_read_user(piece->payload, captured, (const void *)from))
		captured = 0; /* not in memory now */
	piece->head.length_bytes = bytes;
	write_piece(piece, captured);
	piece->head.position += bytes;
	return captured;
}

/* A frame of HTTP/2 begins in @head, of which the first bytes may have come before. */
static __always_inline void begin_frame(struct copying *at, const __u8 *head, __u64 bytes)
{
	struct frame_place *frames = &at->frames;
	__u64 i;

	for (i = 0; i < FRAME_HEADER_BYTES; i++) {
		if (i < bytes)
			frames->header[(frames->have + i) & 15] = head[i];
	}
	frames->have += bytes;
	if (frames->have < FRAME_HEADER_BYTES)
		return;
	frames->have = 0;
	frames->left = frames->header[0] << 16 | frames->header[1] << 8 | frames->header[2];
	frames->is_data = !frames->header[3];
}

static __always_inline void take_copy_room(struct copying *at, __u64 bytes)
{
	at->room = bytes > at->room ? 0 : at->room - bytes;
}

/*
 * Passes on to the next border of a frame, or to the end of the @bytes at @from; returns how many that are.
 * What is in frames of data is told by number, all else is copied: headers depend on those before.
 */
static __always_inline __u64 copy_frames(struct copying *at, __u64 bytes, __u64 from)
{
	struct frame_place *frames = &at->frames;
	__u8 head[16] = {};
	__u64 wanted;

	if (frames->left) {
		if (bytes > frames->left)
			bytes = frames->left;
		if (!frames->is_data && bytes > PIECE_BYTES)
			bytes = PIECE_BYTES;
		tell_piece(at->slot, bytes, frames->is_data ? 0 : bytes, from);
		if (!frames->is_data)
			take_copy_room(at, bytes);
		frames->left -= bytes;
		return bytes;
	}
	wanted = FRAME_HEADER_BYTES - frames->have;
	if (bytes > wanted)
		bytes = wanted;
	BOUND(bytes, 0xf);
	if (!bytes || bpf_probe_read_user(head, bytes, (void *)from))
		return 0;
	tell_piece(at->slot, bytes, bytes, from);
	take_copy_room(at, bytes);
	begin_frame(at, head, bytes);
	return bytes;
}

/* Where looking for the end of a head is. */
struct scan {
	__u32 slot;
	__u32 bytes; /* of the piece */
	__u32 tail; /* the last four bytes so far */
	__u32 found;
};

/* 1: another message may begin there, as it does where several are sent at once. A body costs a copy then. */
static __always_inline int may_follow(const struct scan *scan, const struct piece *piece, __u32 at)
{
	__u8 first;

	if (at >= scan->bytes)
		return 0;
	first = piece->payload[at & PIECE_BYTES];
	return first == 'G' || first == 'P' || first == 'H' || first == 'D' || first == 'O' ||
	       first == 'T' || first == 'C';
}

/* @context: struct scan. 1: it is over. */
static long scan_head(__u32 step, void *context)
{
	struct scan *scan = context;
	const struct piece *piece = piece_of(scan->slot);
	__u32 from = step * SCAN_BYTES, tail = scan->tail, i;

	BOUND(from, 0xff0);
	if (!piece || from >= scan->bytes)
		return 1;
	for (i = 0; i < SCAN_BYTES; i++) {
		if (from + i >= scan->bytes)
			break;
		tail = tail << 8 | piece->payload[from + i];
		if (tail != HEAD_END)
			continue;
		if (!may_follow(scan, piece, from + i + 1)) {
			scan->found = 1;
			return 1;
		}
	}
	scan->tail = tail;
	return 0;
}

/* The @bytes in the piece go on with the head of a message: whether it ends there. */
static __always_inline void follow_head(struct copying *at, int bytes)
{
	struct scan scan = {.slot = at->slot, .bytes = bytes, .tail = at->head.tail};

	if (bytes <= 0) {
		at->head.bytes = 0; /* it cannot be read any more */
		return;
	}
	bpf_loop(SCAN_STEPS, scan_head, &scan, 0);
	at->head.tail = scan.tail;
	at->head.bytes += bytes;
	if (scan.found || at->head.bytes > HEAD_ROOM)
		at->head.bytes = 0;
}

static __always_inline __u64 copy_plain(struct copying *at, __u64 bytes, __u64 from)
{
	__u32 room = at->buffer_room;
	int captured;

	/* Who gathers buffers has heads apart from bodies. */
	if (at->index && at->in_buffer + bytes > SMALL_BYTES)
		room = BODY_ROOM;
	if (at->head.bytes)
		room = at->in_buffer + bytes;
	if (at->in_buffer >= room) {
		tell_piece(at->slot, bytes, 0, 0);
		return bytes;
	}
	if (bytes > PIECE_BYTES)
		bytes = PIECE_BYTES;
	if (bytes > room - at->in_buffer)
		bytes = room - at->in_buffer;
	captured = tell_piece(at->slot, bytes, bytes, from);
	take_copy_room(at, bytes);
	if (at->head.bytes)
		follow_head(at, captured);
	return bytes;
}

/*
 * By number, as what sendfile() carries, or what is beyond the room. Of HTTP/2 all of it must be data; else
 * nothing after it can be read, which the node finds out and counts.
 */
static __always_inline void tell_rest(struct copying *at)
{
	struct frame_place *frames = &at->frames;

	at->unread = at->left > frames->left || !frames->is_data;
	frames->left -= at->left < frames->left ? at->left : frames->left;
	tell_piece(at->slot, at->left, 0, 0);
	at->left = 0;
}

/* @context: the slot. 1: no more pieces. */
static long copy_piece(__u32 number __attribute__((unused)), void *context)
{
	__u32 slot = *(__u32 *)context;
	struct buffer buffer = {};
	struct copying *at;
	__u64 bytes;

	at = bpf_map_lookup_elem(&copyings, &slot);
	if (!at || !at->left)
		return 1;
	if (!at->room || read_buffer(&at->buffers, at->index, &buffer)) {
		tell_rest(at);
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
	bytes = at->is_http2 ? copy_frames(at, bytes, buffer.address + at->in_buffer)
			     : copy_plain(at, bytes, buffer.address + at->in_buffer);
	if (!bytes)
		at->room = 0; /* not in memory now */
	at->in_buffer += bytes;
	at->left -= bytes;
	return 0;
}

/* The piece of that slot has the head of the record already. Not static, as above. */
__noinline int copy_bytes(__u32 slot, const struct buffers *buffers, __u32 bytes, __u32 buffer_room)
{
	struct copying *at;

	at = bpf_map_lookup_elem(&copyings, &slot);
	if (!buffers || !at)
		return -1;
	at->buffers = *buffers;
	at->in_buffer = 0;
	at->index = 0;
	at->left = bytes;
	at->room = CALL_ROOM;
	at->unread = 0;
	at->slot = slot;
	at->buffer_room = buffer_room;
	bpf_loop(COPIES_MAX, copy_piece, &slot, 0);
	if (at->left)
		tell_rest(at);
	return 0;
}

/* As the other one, and keeps the place in the head of the message. */
static __always_inline void copy_http1(__u32 slot, const struct buffers *buffers, __u32 bytes,
				       __u32 buffer_room, struct head_place *head)
{
	struct copying *at;

	at = bpf_map_lookup_elem(&copyings, &slot);
	if (!at)
		return;
	at->head = *head;
	copy_bytes(slot, buffers, bytes, buffer_room);
	*head = at->head;
	at->head.bytes = 0;
}

/* As those, and keeps the place among the frames. 0: what follows can be read. */
static __always_inline int copy_http2(__u32 slot, const struct buffers *buffers, __u32 bytes,
				      struct frame_place *frames)
{
	struct copying *at;

	at = bpf_map_lookup_elem(&copyings, &slot);
	if (!at)
		return 1;
	at->frames = *frames;
	at->is_http2 = 1;
	copy_bytes(slot, buffers, bytes, 0);
	at->is_http2 = 0;
	*frames = at->frames;
	return at->unread != 0;
}

#endif
