/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The maps that programs of other objects use too when they look at a message. */
#ifndef SHUNT_MESSAGE_MAPS_H
#define SHUNT_MESSAGE_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "layout.h"

#define PAIRS_MAX 65536

/*
 * One row per connection whose active end has drawn a nonce. Written by `pair` (both ends), then by
 * the programs of each end for its own half; read by all programs and by the controller. Removed when
 * either end closes; the controller removes nonces nobody answered. Not preallocated: a host with few
 * connections pays for few. Full: REASON_MAP_FULL, plain TCP.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PAIRS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct pair);
} pairs SEC(".maps");

/*
 * State that belongs to one socket whose connection has shown its turns, or was refused. A listener has
 * it only where `listeners` cannot tell its executable; accepted children start with a copy then.
 * Written by the programs of that socket only; freed with the socket.
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct connection);
} connections SEC(".maps");

/* The node's settings, mapped into the controller. One row. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct node_config);
} config SEC(".maps");

#define TAPS_MAX 4

/*
 * Programs that look at every message after `redirect` has decided; a row is one open tap. Written by
 * the controller, which raises `tapped` of the settings while there is one. `redirect` calls the first
 * of them, each calls the next. Full: one more tap is refused.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, TAPS_MAX);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} taps SEC(".maps");

#endif
