/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What the programs count. Part of layout.h. */
#ifndef SHUNT_COUNTER_LAYOUT_H
#define SHUNT_COUNTER_LAYOUT_H

#include "reasons.h"

/* Per-CPU counters of one endpoint. Sums outlive the connections. */
struct endpoint_counters {
	__u64 connections_paired; /* ends */
	__u64 connections_adopted;
	__u64 connections_joined;
	__u64 connections_closed; /* paired ends closed */
	__u64 messages_redirected;
	__u64 bytes_redirected;
	__u64 messages_passed; /* by members only: plain TCP sockets cost no counter */
	__u64 bytes_passed;
	__u64 spills; /* redirecting direction went to TCP */
	__u64 connection_reasons[REASON_COUNT];
	__u64 message_reasons[REASON_COUNT];
};

/* Per-CPU counters of the node as a whole. */
struct node_counters {
	__u64 events_lost; /* event ring full */
	__u64 pairs_expired; /* nonces not answered while they were valid; by the controller */
	__u64 storage_failed; /* no memory for socket-local state */
	__u64 traits_learned;
	__u64 reconnects_refused; /* connect() on a former member that still has unread bytes */
	__u64 options_excluded; /* sockets marked by the setsockopt guard */
	__u64 stuck_resets; /* splice() readers that could never reach their redirected data */
	__u64 traits_lost; /* calls that showed a trait for which `traits` had no room */
};

#endif
