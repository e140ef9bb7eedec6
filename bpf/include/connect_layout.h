/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Structs and constants of the connect rules that the programs and the controller both see. A test
 * compares them with their Java classes through BTF. Integers are host order unless a field is called
 * *_be. Pads are zero.
 */
#ifndef SHUNT_CONNECT_LAYOUT_H
#define SHUNT_CONNECT_LAYOUT_H

#include "layout.h"

/* Raised when a pinned map's layout changes; part of the pin directory's name. */
enum connect_layout_version {
	CONNECT_LAYOUT_VERSION = 1,
};

enum connect_limit {
	CONNECT_RULES_MAX = 1024, /* rules of a set */
	CONNECT_WORDS = CONNECT_RULES_MAX / 64,
	CONNECT_CGROUP_LEVELS =
		16, /* of a caller's cgroup, leaf first; deeper ancestors are not seen */
};

/* What a rule does with an attempt that it matches. */
enum connect_verdict {
	CONNECT_ALLOW = 0,
	CONNECT_DENY = 1, /* EPERM */
	CONNECT_MONITOR = 2, /* would be denied; counted and reported, nothing else */
};

/* Where an attempt was seen. */
enum connect_call {
	CONNECT_CALL_CONNECT = 0, /* connect() */
	CONNECT_CALL_SEND = 1, /* sendto() or sendmsg() of UDP with an address */
	CONNECT_CALL_FAST_OPEN = 2, /* sendto() of TCP with MSG_FASTOPEN */
};

/* Which hook sees connect(). */
enum connect_rung {
	CONNECT_RUNG_CGROUP = 0,
	CONNECT_RUNG_LSM = 1, /* the cgroup hooks see what is no connect() only */
};

/* What a rule set looks at; the rest need not be read. */
enum connect_look {
	CONNECT_LOOK_EXECUTABLE = 1,
	CONNECT_LOOK_CGROUP = 2,
	CONNECT_LOOK_NETNS = 4,
};

/* One bit a rule, the first rule in bit 0 of word 0. */
struct connect_bits {
	__u64 words[CONNECT_WORDS];
};

/* The row that switches sets. Written by the controller. */
struct connect_config {
	__u32 generation; /* of the set in force; 0: none */
	__u32 rung; /* enum connect_rung */
	__u32 watched; /* 1: somebody reads the ring */
	__u32 lsm_probe; /* the controller writes 1, the LSM program 0 when it runs */
};

struct connect_set {
	struct connect_bits enforced; /* rules that are not in monitor mode */
	__u32 looks; /* bits of enum connect_look */
	__u32 pad;
};

struct connect_rule_key {
	__u32 generation;
	__u32 rule; /* 0..CONNECT_RULES_MAX - 1 */
};

struct connect_rule {
	__u64 id; /* key of its counters: the same as long as its name is */
	__u32 verdict; /* enum connect_verdict */
	__u32 pad;
};

/* Keys of tries: the generation counts as the first 32 bits of the prefix. */
struct connect_ipv4_key {
	__u32 prefix_bits; /* 32..64 */
	__u32 generation;
	__be32 address_be;
};

struct connect_ipv6_key {
	__u32 prefix_bits; /* 32..160 */
	__u32 generation;
	__be32 address_be[4];
};

struct connect_port_key {
	__u32 prefix_bits; /* 48..64 */
	__u32 generation;
	__be16 protocol_be; /* IPPROTO_* */
	__be16 port_be;
};

struct connect_executable_key {
	__u32 generation;
	__u32 exe_dev; /* kernel dev_t */
	__u64 exe_inode; /* 0: any other executable */
};

struct connect_place_key {
	__u32 generation;
	__u32 pad;
	__u64 id; /* cgroup id or network namespace cookie; 0: any other */
};

struct connect_counters {
	__u64 hits; /* attempts that the rule decided, or would have in enforce mode */
	__u64 denied; /* of these, refused with EPERM */
};

/* One row for all rules. */
struct connect_totals {
	__u64 attempts; /* judged */
	__u64 denied;
	__u64 monitored; /* would have been denied */
	__u64 unmatched; /* no rule matched: allowed */
	__u64 incomplete; /* allowed because a row of the set was missing: a fault of the controller */
	__u64 events_lost; /* ring full */
	__u64 events_sampled; /* left out: more than CONNECT_EVENTS_PER_SECOND of a CPU */
};

/* An attempt that was denied, or would have been. */
struct connect_denial {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 rule_id;
	__u64 netns_cookie;
	struct workload workload; /* the caller's */
	struct address remote; /* as the caller named it */
	__u16 remote_port;
	__u16 protocol; /* IPPROTO_* */
	__u32 verdict; /* enum connect_verdict: DENY or MONITOR */
	__u32 call; /* enum connect_call */
	__u32 pid; /* of the caller, in the first pid namespace */
	__u32 comm[4]; /* text, ends with a zero unless it fills the field */
};

#endif
