// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Sweep: what no packet triggers, run by the controller when something changed. It revokes pairs that
 * policy or their own sockets no longer allow, removes members that have gone quiet, adopts pairs whose
 * invitations ran out before the mode did. An iterator over all sockets with our state. A kernel may
 * refuse iterators over maps (EPERM, seen on a hardened 6.18): there the controller runs `sweep_pairs`.
 * Not an iterator over TCP sockets: that one waits for the socket lock, which a reader that faults inside
 * recv() holds for as long as it likes. Not one over open files: a file that its owner closes meanwhile
 * stays open until the iterator is done, and in the epoll of an owner who has forgotten it.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "sockmap_maps.h"
#include "sweep.h"

#include "license.h"

/* A former member that was connected again: out of the map as soon as nothing is queued. */
static __always_inline void sweep_reconnected(const struct sock *sk, struct connection *connection)
{
	if (socket_has_queued_messages(sk))
		return;
	if (!remove_member(connection->nonce, connection->side))
		connection->flags &= ~CONNECTION_WAS_MEMBER;
}

SEC("?iter/bpf_sk_storage_map")
int sweep(struct bpf_iter__bpf_sk_storage_map *context)
{
	struct connection *connection = context->value;
	struct node_config *settings = node_settings();
	struct sock *sk = context->sk;
	struct pair *pair;

	if (!sk || !connection || !settings || !connection->nonce)
		return 0;
	if (connection->reason == REASON_RECONNECT) {
		if (connection->flags & CONNECTION_WAS_MEMBER)
			sweep_reconnected(sk, connection);
		return 0;
	}
	pair = find_pair(connection->nonce);
	if (pair)
		sweep_pair(sk, connection, pair, settings);
	return 0;
}
