/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What the tap program and the controller both see; the rules are those of layout.h. */
#ifndef SHUNT_TAP_LAYOUT_H
#define SHUNT_TAP_LAYOUT_H

#include "layout.h"

/* Which messages a tap shows, and how much of them. 0: any. Set before the program is loaded. */
struct tap_filter {
	__u64 cookie; /* of either end */
	__u64 netns_cookie; /* of either end */
	__u64 cgroup_id; /* of either end's cgroup or one above it */
	__u64 exe_inode; /* of either end's executable */
	__u32 exe_dev; /* kernel dev_t */
	__u32 port; /* any of the four, as either end sees them */
	__u32 sample; /* one connection of so many, with all its messages */
	__u32 snap_bytes; /* most bytes shown of a message */
	__u32 page_bytes; /* of this machine */
	__u32 slot; /* row of `taps` */
};

/* What goes on in a tap. */
struct tap_state {
	__u64 alive_until_ns; /* CLOCK_MONOTONIC; moved on by the controller while it lives */
	__u64 messages; /* that passed the filter */
	__u64 bytes; /* of those */
	__u64 lost_messages; /* of those, for which the ring had no room */
	__u64 lost_bytes;
	__u64 sampled_out; /* messages of connections that the sample leaves out */
};

/* A connection as one end sees it; zero where that end is gone. */
struct tap_end {
	__u64 cookie;
	__u64 netns_cookie;
	struct address local;
	struct address remote;
	__u16 local_port;
	__u16 remote_port;
	__u32 pad;
};

/* A piece of a message; captured_bytes of payload follow. Room beyond them is not written. */
struct tap_record {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 nonce; /* of the pair */
	__u64 lost_messages; /* of this tap so far */
	__u32 sequence; /* of the message's first byte: TCP's, plus what was redirected before */
	__u32 message_bytes;
	__u32 offset_bytes; /* of the piece in the message */
	__u32 piece_bytes;
	__u32 captured_bytes; /* fewer than piece_bytes: cut by the snap length, or unreadable */
	__u32 side; /* enum side of the sender */
	__u32 reason; /* enum reason: why the message went by TCP; NONE: redirected */
	__u32 endpoint; /* of the sender */
	struct tap_end end[2]; /* indexed by enum side */
};

#endif
