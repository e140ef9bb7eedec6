/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Small writes that TCP would merge. Redirected, each is a message of its own that wakes the reader:
 * slower than TCP. Messages of a peer that is not a member yet are not seen, so that nothing can be told
 * of a run before it is.
 */
#ifndef SHUNT_SMALL_WRITES_H
#define SHUNT_SMALL_WRITES_H

#include "queue_bound.h"

/* A one-way stream: 0.6 to 0.8 times the rate of TCP. */
#define SMALL_WRITE_BYTES 8192
#define SMALL_WRITE_RUN 64

/*
 * Batches, each answered, whose writes TCP was told to merge (MSG_MORE, TCP_CORK): 0.8 times the rate with 4
 * writes a batch, a third with 32; 2 are still faster. The same writes with TCP_NODELAY are twice as fast as
 * by TCP, so their number alone says nothing: the segments that TCP had made of this connection's writes
 * before do. Many batches in a row, since requests that a multiplexed connection happens to send together
 * look like one.
 */
#define MERGED_WRITES 4
#define MERGED_RATIO 2
#define MERGED_TURNS 64

#define SEGMENT_BYTES_MAX 0xffff

/* Of what went by TCP so far; 0: nothing did. */
static __always_inline __u16 mean_segment_bytes(const struct tcp_sock *self)
{
	__u32 segments = self->data_segs_out;
	__u64 mean = segments ? self->bytes_acked / segments : 0;

	return mean < SEGMENT_BYTES_MAX ? mean : SEGMENT_BYTES_MAX;
}

/* The peer has answered: what was the run before its answer? */
static __always_inline void end_run(struct connection *connection)
{
	__u64 messages = connection->run_messages;

	if (messages >= MERGED_WRITES &&
	    connection->run_bytes * MERGED_RATIO <= connection->segment_bytes * messages)
		connection->merged_turns++;
	else
		connection->merged_turns = 0;
	connection->run_messages = 0;
	connection->run_bytes = 0;
}

/* Counts the message; returns whether the pair had better leave. */
static __always_inline int are_small_writes(struct delivery *delivery)
{
	struct connection *connection = delivery->connection;

	if (!is_member(delivery->theirs))
		return 0;
	if (connection->run_peer_messages != delivery->theirs->messages) {
		connection->run_peer_messages = delivery->theirs->messages;
		end_run(connection);
	}
	connection->run_messages++;
	connection->run_bytes += delivery->size;
	if (connection->merged_turns >= MERGED_TURNS)
		return 1;
	return connection->run_messages >= SMALL_WRITE_RUN &&
	       connection->run_bytes < (__u64)connection->run_messages * SMALL_WRITE_BYTES;
}

#endif
