// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Tap: shows messages of accelerated connections to whoever asked. `redirect` calls it at its end, for
 * messages that it redirected and for those that it left to TCP, so that what is shown is the whole
 * stream. An object of its own, loaded once for each open tap: while there is none it takes no
 * memory, and `redirect` pays for reading one word of its settings. Changes nothing about the message.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "tap_filter.h"

#include "license.h"

#define PIECE_BYTES_MAX (32 << 10) /* what the kernel allocates for an element at most */
#define PIECES_MAX 128
#define MEDIUM_BYTES (8 << 10)
#define SMALL_BYTES (2 << 10)
#define TINY_BYTES 256

/* The message at hand, piece by piece. */
struct capture {
	struct tap_record record;
	struct elements elements;
	__u32 index; /* of the element */
	__u32 in_element; /* bytes of it that are done */
	__u32 limit; /* bytes of the message to show */
	__u32 lost;
};

static __always_inline int write_record(const struct capture *capture, __u32 room, __u32 bytes,
					const void *from)
{
	struct tap_record *record =
		bpf_ringbuf_reserve(&records, sizeof(struct tap_record) + room, 0);

	if (!record)
		return -1;
	__builtin_memcpy(record, &capture->record, sizeof(*record));
	record->lost_messages = state.lost_messages;
	if (bytes > room)
		bytes = room;
	record->captured_bytes = bytes;
	if (bytes && bpf_probe_read_kernel(record + 1, bytes, from))
		record->captured_bytes = 0;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

/* Sizes are fixed: the verifier must know what is reserved. */
static __noinline int show(struct capture *capture, __u32 bytes, const void *from)
{
	if (!capture)
		return -1;
	if (bytes <= TINY_BYTES)
		return write_record(capture, TINY_BYTES, bytes, from);
	if (bytes <= SMALL_BYTES)
		return write_record(capture, SMALL_BYTES, bytes, from);
	if (bytes <= MEDIUM_BYTES)
		return write_record(capture, MEDIUM_BYTES, bytes, from);
	return write_record(capture, PIECE_BYTES_MAX, bytes, from);
}

/* 1: no more pieces. */
static long show_piece(__u32 number __attribute__((unused)), void *context)
{
	struct capture *capture = context;
	struct tap_record *record = &capture->record;
	struct element element = {};
	__u32 left, bytes;
	__u64 from;

	if (record->offset_bytes >= capture->limit ||
	    read_element(&capture->elements, capture->index, &element))
		return 1;
	if (capture->in_element >= element.length_bytes) {
		capture->index++;
		capture->in_element = 0;
		return 0;
	}
	bytes = element.length_bytes - capture->in_element;
	left = capture->limit - record->offset_bytes;
	if (bytes > left)
		bytes = left;
	if (bytes > PIECE_BYTES_MAX)
		bytes = PIECE_BYTES_MAX;
	from = element_address(&capture->elements, &element, filter.page_bytes) +
	       capture->in_element;
	record->piece_bytes = bytes;
	if (show(capture, bytes, (const void *)from)) {
		capture->lost = 1;
		return 1;
	}
	record->offset_bytes += bytes;
	capture->in_element += bytes;
	return 0;
}

/* 0: @elements leads to the bytes of the message. */
static __always_inline int find_elements(struct sk_msg_md *msg, struct elements *elements)
{
	const struct sk_msg *message = (const void *)msg;
	const void *list;
	struct element first;

	/* No address: pages that the sender may still change, as sendfile() handed them over until 6.4. */
	if (!READ(message, data) && bpf_msg_pull_data(msg, 0, 1, 0))
		return -1;
	/* 6.1: read back, because a pointer to the context must not have an unknown index added to it. */
	list = __builtin_preserve_access_index(&message->sg.data);
	if (bpf_probe_read_kernel(&elements->first, sizeof(elements->first), &list))
		return -1;
	elements->start = READ(message, sg.start);
	elements->size =
		bpf_core_field_size(message->sg.data) / bpf_core_type_size(struct scatterlist) - 1;
	if (read_element(elements, elements->start, &first))
		return -1;
	elements->page = first.page;
	elements->address = (__u64)READ(message, data) - first.offset_bytes;
	return 0;
}

static __always_inline void see_end(struct tap_end *end, const struct sock *sk)
{
	end->cookie = socket_cookie(sk);
	end->netns_cookie = socket_netns_cookie(sk);
	socket_addresses(sk, &end->local, &end->remote);
	end->local_port = socket_local_port(sk);
	end->remote_port = socket_remote_port(sk);
}

static __always_inline void see_peer(struct tap_end *end, struct ends *ends,
				     const struct pair_end *theirs)
{
	const struct sock *sk = (const void *)theirs->sk;

	see_end(end, sk);
	if (!socket_is(sk, theirs->cookie)) {
		__builtin_memset(end, 0, sizeof(*end)); /* somebody else's by now */
		return;
	}
	ends->theirs = sk;
	ends->their_workload = &theirs->workload;
}

/* The pair's row; NULL when the other end has closed. */
static __always_inline const struct pair *pair_of(const struct connection *connection)
{
	const struct pair *pair = bpf_map_lookup_elem(&pairs, &connection->nonce);

	return pair && pair->nonce == connection->nonce ? pair : 0;
}

static __always_inline void describe(struct tap_record *record, const struct sk_msg_md *msg,
				     const struct connection *connection, const struct sock *sk)
{
	__u64 redirected = connection->bytes_redirected;

	record->time_ns = bpf_ktime_get_ns();
	record->nonce = connection->nonce;
	record->message_bytes = msg->size;
	record->side = connection->side;
	record->endpoint = connection->endpoint;
	record->reason = REASON_NONE;
	/* `redirect` has counted it already. */
	if (READ((const struct sk_msg *)msg, sk_redir))
		redirected -= msg->size;
	else
		record->reason = connection->last_pass_reason;
	record->sequence = READ((const struct tcp_sock *)sk, write_seq) + (__u32)redirected;
}

static __noinline int see_both_ends(struct tap_record *record, struct ends *ends,
				    const struct connection *connection)
{
	const struct pair *pair;

	if (!record || !ends || !connection)
		return 0;
	pair = pair_of(connection);
	if (connection->side == SIDE_ACTIVE) {
		see_end(&record->end[SIDE_ACTIVE], ends->mine);
		if (pair)
			see_peer(&record->end[SIDE_PASSIVE], ends, &pair->end[SIDE_PASSIVE]);
	} else {
		see_end(&record->end[SIDE_PASSIVE], ends->mine);
		if (pair)
			see_peer(&record->end[SIDE_ACTIVE], ends, &pair->end[SIDE_ACTIVE]);
	}
	return 0;
}

static __noinline void capture_message(struct capture *capture)
{
	struct tap_record *record;

	if (!capture)
		return;
	record = &capture->record;
	__sync_fetch_and_add(&state.messages, 1);
	__sync_fetch_and_add(&state.bytes, record->message_bytes);
	bpf_loop(PIECES_MAX, show_piece, capture, 0);
	/* What is not shown of it: the reader has to know that it was there. */
	record->piece_bytes = record->message_bytes - record->offset_bytes;
	if (!capture->lost && record->piece_bytes && show(capture, 0, 0))
		capture->lost = 1;
	if (capture->lost) {
		__sync_fetch_and_add(&state.lost_messages, 1);
		__sync_fetch_and_add(&state.lost_bytes, record->piece_bytes);
	}
}

static __always_inline void look(struct sk_msg_md *msg, struct connection *connection)
{
	struct capture capture = {};
	struct ends ends = {};

	if (filter.sample > 1 && connection->nonce % filter.sample) {
		__sync_fetch_and_add(&state.sampled_out, 1);
		return;
	}
	ends.mine = (const void *)bpf_skc_to_tcp_sock(msg->sk);
	if (!ends.mine)
		return;
	ends.my_workload = &connection->workload;
	see_both_ends(&capture.record, &ends, connection);
	if (!matches(&capture.record, &ends))
		return;
	describe(&capture.record, msg, connection, ends.mine);
	capture.limit = msg->size < filter.snap_bytes ? msg->size : filter.snap_bytes;
	if (capture.limit && find_elements(msg, &capture.elements))
		capture.limit = 0;
	capture.index = capture.elements.start;
	capture_message(&capture);
}

/* 0, and nothing is tapped any more: whoever opened the tap is dead. */
static __always_inline int is_alive(void)
{
	struct node_config *settings;
	__u32 row = 0;

	if (bpf_ktime_get_ns() < state.alive_until_ns)
		return 1;
	settings = bpf_map_lookup_elem(&config, &row);
	if (settings)
		settings->tapped = 0;
	return 0;
}

static __always_inline void show_to_next(struct sk_msg_md *msg)
{
	if (filter.slot < 1)
		bpf_tail_call(msg, &taps, 1);
	if (filter.slot < 2)
		bpf_tail_call(msg, &taps, 2);
	if (filter.slot < 3)
		bpf_tail_call(msg, &taps, 3);
}

SEC("sk_msg")
int tap(struct sk_msg_md *msg)
{
	struct connection *connection;

	if (!msg->sk || !is_alive())
		return SK_PASS;
	connection = bpf_sk_storage_get(&connections, msg->sk, 0, 0);
	if (connection)
		look(msg, connection);
	show_to_next(msg);
	return SK_PASS;
}
