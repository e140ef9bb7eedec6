/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What the packet filter programs and the controller both see. A rule set is an array of pages; all of
 * it, decision tables and rules, so that one pointer read per packet gives a consistent whole. Integers
 * are host order unless a field is called *_be. Pads are zero.
 *
 * A table is entered with an entry, a 32-bit word: a class (the rules whose condition on that field
 * holds, as a bitmap), a step (take the next byte of the key as index into a page), or a comparison of
 * several bits at once, which skips what all prefixes below it have in common.
 */
#ifndef SHUNT_FILTER_LAYOUT_H
#define SHUNT_FILTER_LAYOUT_H

#include <linux/types.h>

/* Raised when a map's or a page's layout changes; part of the pin directory's name. */
enum filter_layout_version {
	FILTER_LAYOUT_VERSION = 2,
};

enum filter_size {
	FILTER_PAGE_WORDS = 256,
	FILTER_RULE_WORDS = 16, /* 64-bit words of a bitmap: 1024 rules */
	FILTER_BITMAPS_PER_PAGE = 7,
	FILTER_COMPARES_PER_PAGE = 16,
	FILTER_RULES_PER_PAGE = 32,
	FILTER_WALK_MAX = 36, /* entries on the way to a class: a step and a comparison a byte */
	FILTER_POINTS_MAX = 2048,
	FILTER_SLOTS_MAX = 16384, /* rules with counters, and the odd reasons before them */
};

/* Bits of an entry. The rest is an index. */
enum filter_entry {
	FILTER_ENTRY_CLASS = 0, /* kind: index = page << 3 | bitmap in it */
	FILTER_ENTRY_STEP = 1, /* kind: index = page, byte of the key in FILTER_BYTE */
	FILTER_ENTRY_COMPARE = 2, /* kind: index = page << 4 | comparison in it */
	FILTER_KIND_SHIFT = 30,
	FILTER_FAIL_SAFE = 1 << 29, /* of a class: the port is kept open */
	FILTER_CLASS_INDEX = (1 << 29) - 1,
	FILTER_BYTE_SHIFT = 26, /* of a step: 4 bits */
	FILTER_STEP_INDEX = (1 << 26) - 1,
	FILTER_COMPARE_INDEX = (1 << 30) - 1,
};

enum filter_hook {
	FILTER_XDP = 0,
	FILTER_TC_INGRESS = 1,
	FILTER_TC_EGRESS = 2,
};

/* Why a packet was dropped. The odd ones have the slot of their number. */
enum filter_reason {
	FILTER_DENIED = 0,
	FILTER_RATE_LIMITED = 1,
	FILTER_TRUNCATED = 2,
	FILTER_BAD_HEADER = 3,
	FILTER_VLAN_TAGS = 4,
	FILTER_EXTENSION_HEADERS = 5,
	FILTER_TINY_FRAGMENT = 6,
	FILTER_REASONS = 8, /* first slot of a rule */
};

enum filter_action {
	FILTER_ALLOW = 0,
	FILTER_DENY = 1,
	FILTER_LIMIT = 2,
};

enum filter_rule_flag {
	FILTER_RULE_MONITOR = 1,
	FILTER_RULE_PER_SOURCE = 2,
	FILTER_RULE_BYTES = 4, /* the limit counts bytes */
};

enum filter_set_flag {
	FILTER_SET_MONITORS = 1, /* some rules monitor only */
	FILTER_SET_DROPS_ODD = 2, /* some rule that enforces can drop */
};

enum filter_fragment {
	FILTER_WHOLE = 0,
	FILTER_FIRST = 1,
	FILTER_LATER = 2,
};

enum filter_family {
	FILTER_V4 = 0,
	FILTER_V6 = 1,
};

enum filter_packet_flag {
	FILTER_HAS_PORTS = 1,
	FILTER_HAS_ICMP = 2, /* destination_port = type << 8 | code */
	FILTER_OPENS = 4, /* SYN without ACK */
};

struct filter_page {
	__u32 word[FILTER_PAGE_WORDS];
};

/* Rules, one bit each, the first rule in bit 0 of word 0. */
struct filter_bitmap {
	__u64 summary; /* bit per word that is not 0 */
	__u64 word[FILTER_RULE_WORDS];
};

/* (key & mask) == value ? match : other. */
struct filter_compare {
	__u64 mask_be[2];
	__u64 value_be[2];
	__u32 match; /* entry */
	__u32 other; /* entry */
	__u64 pad[3];
};

struct filter_rule {
	__u32 action; /* enum filter_action */
	__u32 flags; /* enum filter_rule_flag */
	__u32 slot; /* counters, bucket */
	__u32 cost_shift; /* of `cost` */
	__u64 cost; /* of a packet or byte in 1/64 ns, shifted left by cost_shift */
	__u64 burst; /* of a full bucket in 1/64 ns */
};

/* Which rules count; bits of an index. */
enum filter_scope {
	FILTER_OF_FAIL_SAFE = 1, /* those that hold for fail-safe ports */
	FILTER_ENFORCING = 2, /* those that act */
	FILTER_SCOPES = 4,
};

/* Page 0 of a rule set. */
struct filter_header {
	__u64 generation;
	__u32 flags; /* enum filter_set_flag */
	__u32 rules_page; /* first page of the rules */
	__u32 source[2]; /* entry, by enum filter_family */
	__u32 destination[2]; /* entry, by enum filter_family */
	__u32 source_port; /* entry, bytes 0 and 1 */
	__u32 destination_port; /* entry, bytes 0 and 1 */
	__u32 icmp; /* entry, type and code */
	__u32 absent; /* class of packets without ports and ICMP type */
	__u32 every; /* class: all rules */
	__u32 pad;
	__u32 protocol[FILTER_SCOPES][3]; /* entry, byte 0; by scope and enum filter_fragment */
};

/* Where a program is attached. */
struct filter_point {
	__u32 ifindex;
	__u32 hook; /* enum filter_hook */
};

/* Per-CPU counters of one slot. */
struct filter_counters {
	__u64 packets;
	__u64 bytes;
	__u64 denied_packets; /* dropped, or would have been */
	__u64 denied_bytes;
};

/* Per-CPU counters of no rule. */
struct filter_totals {
	__u64 packets; /* judged */
	__u64 unmatched;
	__u64 events_lost; /* ring full */
	__u64 events_sampled_out; /* the slot had one less than `event_interval_ns` ago */
	__u64 sources_failed; /* no room for the bucket of a source: allowed */
	__u64 sets_broken; /* a rule set contradicts itself: allowed */
};

/* Shared by all CPUs. */
struct filter_slot_state {
	__u64 due; /* when the bucket is full again, CLOCK_MONOTONIC in 1/64 ns */
	__u64 last_event_ns; /* CLOCK_MONOTONIC */
};

/* The bucket of one source for one rule. */
struct filter_source {
	__u64 address_be[2];
	__u32 slot;
	__u32 pad;
};

/* Event ring record. */
struct filter_event {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 source_be[2]; /* IPv4 as v4-mapped */
	__u64 destination_be[2];
	struct filter_point point;
	__u32 slot; /* of the rule; of an odd packet its reason */
	__u32 reason; /* enum filter_reason */
	__u32 bytes; /* of the frame */
	__u32 monitor; /* 1: nothing was dropped */
	__u16 source_port;
	__u16 destination_port; /* or type << 8 | code */
	__u8 protocol;
	__u8 fragment; /* enum filter_fragment */
	__u8 family; /* enum filter_family */
	__u8 flags; /* enum filter_packet_flag */
};

#endif
