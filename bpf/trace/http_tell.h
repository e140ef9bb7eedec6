/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What is remembered of a connection, and what of its bytes is told. */
#ifndef SHUNT_HTTP_TELL_H
#define SHUNT_HTTP_TELL_H

#include "current.h"
#include "http_copy.h"
#include "http_share.h"
#include "http_start.h"

static __always_inline __u64 next_number(void)
{
	return __sync_fetch_and_add(&connections_seen, 1) + 1;
}

/* The place of the socket of that set which asked least recently, for another one. */
static __noinline int take_oldest_place(__u64 sk)
{
	__u32 index = first_set(sk);
	__u64 oldest_at = ~0ULL;
	int oldest = -1, i;

	for (i = 0; i < SET_PLACES; i++) {
		const struct conversation *row = row_at(index << SET_PLACE_BITS | i);

		if (row && row->asked_at < oldest_at) {
			oldest_at = row->asked_at;
			oldest = i;
		}
	}
	COUNT(untracked);
	free_place(oldest < 0 ? oldest : (int)(index << SET_PLACE_BITS | oldest));
	return add_place(sk);
}

static __noinline struct conversation *begin_conversation(const struct sock *sk)
{
	__u64 number = number_of(sk);
	int place = add_place(number);
	struct conversation *row = row_at(place >= 0 ? place : take_oldest_place(number));

	if (!row)
		return 0;
	see_socket(&row->socket, sk);
	row->number = next_number();
	return row;
}

/* Its socket is not known yet; it belongs to who runs. */
static __noinline struct conversation *begin_tls_conversation(const struct conversation_key *key)
{
	struct conversation fresh = {};

	fresh.socket.netns_cookie = current_netns_cookie();
	fresh.socket.cgroup_id = current_cgroup_id();
	fresh.number = next_number();
	if (bpf_map_update_elem(&tls_conversations, key, &fresh, BPF_ANY)) {
		COUNT(untracked);
		return 0;
	}
	return bpf_map_lookup_elem(&tls_conversations, key);
}

/*
 * 1: there is room. @begins: a request, which goes untold with its answer if there is none, or a connection of
 * HTTP/2: that can be read as a whole only, and the controller bounds its rows. What follows a skipped request
 * before anything is answered may be its body, whatever it looks like.
 */
static __always_inline int has_room(struct conversation *row, int begins)
{
	if (begins && row->skipped && row->unanswered) {
		COUNT(shed);
	} else if (begins) {
		row->asked_at = bpf_jiffies64();
		row->skipped = !is_permitted(row->socket.cgroup_id);
		row->unanswered = row->skipped;
		row->shed_in = row->skipped ? this_second() : 0;
	}
	return !row->skipped;
}

static __always_inline void see_way(struct conversation *row, __u32 way)
{
	if (row->asks && row->asks != way + 1)
		row->unanswered = 0;
}

/*
 * 1: bytes that go this way are not told, whatever they are: those of an answer to a request that is not told,
 * or of a connection of HTTP/2 of which a part was not.
 */
static __always_inline int is_passed_over(const struct conversation *row, __u32 way)
{
	return row->skipped && (row->is_http2 || (row->asks && row->asks != way + 1));
}

/*
 * 1: a request of it was shed in this second, in which there is no more room: whatever it carries is not looked at.
 * What goes the way of requests after an answer is counted as the next one.
 */
static __always_inline int stays_shed(struct conversation *row, __u32 way)
{
	if (!row->shed_in || row->shed_in != this_second())
		return 0;
	if (row->asks == way + 1 && !row->unanswered) {
		COUNT(shed);
		row->unanswered = 1;
	}
	return 1;
}

/* Bit per reader that follows the connection. @group: kernel address of the struct cgroup that filters compare. */
static __always_inline __u32 readers_of_call(const struct conversation *row, __u64 group,
					     int begins)
{
	struct subject subject = {.group = group};

	if (!state.filtered)
		return state.unfiltered;
	subject.pid = bpf_get_current_pid_tgid() >> 32;
	return readers_of_share(find_readers(&row->socket, &subject), row->socket.netns_cookie,
				row->number, begins);
}

static __always_inline void describe(struct trace_bytes *head, const struct conversation *row)
{
	head->time_ns = bpf_ktime_get_ns();
	head->connection = row->number;
	head->socket = row->socket;
	head->captured_bytes = 0;
	head->pad = 0;
	see_whole_process(&head->process);
}

/* The head of the record, in the piece of the slot, says the way, the place and the readers already. */
static __noinline int tell_bytes(__u32 slot, struct conversation *row,
				 const struct buffers *buffers, __u32 bytes, enum start start)
{
	struct piece *piece = piece_of(slot);
	int begins_http2, asks;
	__u32 way;

	if (!piece)
		return 0;
	way = piece->head.way & 1;
	see_way(row, way);
	begins_http2 = start == START_HTTP2 && !row->is_http2;
	if (begins_http2) {
		row->is_http2 = 1;
		row->frames[way].left = PREFACE_BYTES;
	}
	asks = start == START_REQUEST && !row->is_http2;
	if (asks)
		row->asks = way + 1;
	if (start == START_REQUEST || start == START_RESPONSE) {
		row->heads[way].bytes = 1;
		row->heads[way].tail = 0;
	}
	if (!piece->head.readers) {
		/* Who comes later could read nothing of it, nor of this request. */
		row->skipped |= row->is_http2 || asks;
		return 0;
	}
	if (!has_room(row, begins_http2 || asks))
		return 0;
	describe(&piece->head, row);
	row->told = 1;
	if (row->is_http2)
		row->skipped |= copy_http2(slot, buffers, bytes, &row->frames[way]);
	else
		copy_http1(slot, buffers, bytes,
			   start == START_NONE && bytes > SMALL_BYTES ? BODY_ROOM : BEGIN_ROOM,
			   &row->heads[way]);
	return 0;
}

/* Nothing more comes this way. Also called for packets, which may interrupt a call that is looked at. */
static __noinline int see_end(const struct conversation *row, __u32 way)
{
	struct trace_bytes end = {.way = way, .flags = TRACE_BYTES_END};

	if (!row || !row->told)
		return 0;
	end.time_ns = bpf_ktime_get_ns();
	end.connection = row->number;
	end.position = row->position[way & 1];
	/* Whose filter let the connection through is not known here. */
	end.readers = (1U << TRACE_READERS_MAX) - 1;
	write_record(&end, sizeof(end));
	return 0;
}

#endif
