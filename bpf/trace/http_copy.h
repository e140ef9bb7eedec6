/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Copies the bytes of a call for the controller: the beginning of each buffer, and how much there was. */
#ifndef SHUNT_HTTP_COPY_H
#define SHUNT_HTTP_COPY_H

#include "http_calls.h"
#include "http_maps.h"

/*
 * Of a buffer that begins with a message, where others may follow. What goes on with a message is its body, as
 * a rule, unless it is small.
 */
#define BEGIN_ROOM 8192
#define BODY_ROOM 512
#define SMALL_BYTES 4096
#define CALL_ROOM 131072
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
 * So many bytes from here, and @captured of them copied. Not static, so that it is verified once, and not
 * for every way that leads to it.
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
	return 0;
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

static __always_inline __u64 copy_plain(struct copying *at, __u64 bytes, __u64 from)
{
	__u32 room = at->buffer_room;

	/* Who gathers buffers has heads apart from bodies. */
	if (at->index && at->in_buffer + bytes > SMALL_BYTES)
		room = BODY_ROOM;
	if (at->in_buffer >= room) {
		tell_piece(at->slot, bytes, 0, 0);
		return bytes;
	}
	if (bytes > PIECE_BYTES)
		bytes = PIECE_BYTES;
	if (bytes > room - at->in_buffer)
		bytes = room - at->in_buffer;
	tell_piece(at->slot, bytes, bytes, from);
	take_copy_room(at, bytes);
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

/* As the other one, and keeps the place among the frames. 0: what follows can be read. */
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
