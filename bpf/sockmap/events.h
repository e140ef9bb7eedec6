/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Event ring: only events that someone listens to are written; a full ring is counted. */
#ifndef SHUNT_EVENTS_H
#define SHUNT_EVENTS_H

#include "sock_reads.h"

static __always_inline int event_is_wanted(const struct node_config *settings, __u32 type)
{
	return (settings->events >> type) & 1;
}

/* @detail: errno of a refusal, traits of a learned trait, otherwise 0. */
static __noinline void emit_event(const struct sock *sk, const struct connection *connection,
				  __u32 type, __u32 reason, __u32 detail)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		COUNT_NODE(events_lost);
		return;
	}
	__builtin_memset(event, 0, sizeof(*event));
	event->time_ns = bpf_ktime_get_ns();
	event->type = type;
	event->reason = reason;
	if (type == EVENT_TRAIT)
		event->traits = detail;
	else
		event->errno_value = detail;
	if (connection) {
		event->nonce = connection->nonce;
		event->cookie = connection->cookie;
		event->netns_cookie = connection->netns_cookie;
		event->workload = connection->workload;
		event->bytes_redirected = connection->bytes_redirected;
		event->bytes_passed = connection->bytes_passed;
		event->side = connection->side;
		event->endpoint = connection->endpoint;
	}
	if (sk) {
		socket_addresses(sk, &event->local, &event->remote);
		event->local_port = socket_local_port(sk);
		event->remote_port = socket_remote_port(sk);
	}
	bpf_ringbuf_submit(event, 0);
}

#endif
