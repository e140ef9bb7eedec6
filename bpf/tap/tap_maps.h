/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What belongs to one tap. The maps of messages are those of the sockmap programs, reused. */
#ifndef SHUNT_TAP_MAPS_H
#define SHUNT_TAP_MAPS_H

#include "sockmap/message_maps.h"
#include "tap_layout.h"

/*
 * Pieces of messages on their way to whoever opened the tap. Written by `tap`, read by the controller,
 * which sets the size. Full: the rest of the message is lost and counted in `state`.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} records SEC(".maps");

/* No zeros, so that whoever loads the object as it is has every line verified. */
const volatile struct tap_filter filter = {
	.cookie = 1,
	.netns_cookie = 1,
	.cgroup_id = 1,
	.exe_inode = 1,
	.exe_dev = 1,
	.port = 1,
	.sample = 2,
	.snap_bytes = 1 << 18,
	.page_bytes = 4096,
};

struct tap_state state;

#endif
