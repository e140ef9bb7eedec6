/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Denial events, sampled by rule so that a flood on one rule does not hide the others. */
#ifndef SHUNT_FILTER_REPORT_H
#define SHUNT_FILTER_REPORT_H

#include "filter_maps.h"
#include "filter_totals.h"
#include "parsing.h"

/* Least time between two events of a slot; 0: every denial has one. */
const volatile __u64 event_interval_ns = 10 * 1000 * 1000;

/* Two CPUs may both pass: an event too many does no harm. */
static __always_inline int is_due(__u32 slot, __u64 now)
{
	struct filter_slot_state *state = bpf_map_lookup_elem(&filter_slots, &slot);

	if (!state)
		return 0;
	if (event_interval_ns && now - state->last_event_ns < event_interval_ns)
		return 0;
	state->last_event_ns = now;
	return 1;
}

static __always_inline void report(const struct filter_packet *packet, __u32 slot, __u32 reason,
				   __u32 monitor)
{
	__u64 now = bpf_ktime_get_ns();
	struct filter_event *event;

	if (!is_due(slot, now)) {
		COUNT_FILTER(events_sampled_out);
		return;
	}
	event = bpf_ringbuf_reserve(&filter_denials, sizeof(*event), 0);
	if (!event) {
		COUNT_FILTER(events_lost);
		return;
	}
	event->time_ns = now;
	event->source_be[0] = packet->source_be[0];
	event->source_be[1] = packet->source_be[1];
	event->destination_be[0] = packet->destination_be[0];
	event->destination_be[1] = packet->destination_be[1];
	event->point = packet->point;
	event->slot = slot;
	event->reason = reason;
	event->bytes = packet->bytes;
	event->monitor = monitor;
	event->source_port = packet->source_port;
	event->destination_port = packet->destination_port;
	event->protocol = packet->protocol;
	event->fragment = packet->fragment;
	event->family = packet->family;
	event->flags = packet->flags;
	bpf_ringbuf_submit(event, 0);
}

#endif
