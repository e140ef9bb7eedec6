/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What can be known of a workload, by observation or by policy. Part of layout.h. */
#ifndef SHUNT_TRAITS_H
#define SHUNT_TRAITS_H

/* Bit numbers of learned traits. */
enum trait_kind {
	TRAIT_KIND_SPLICE = 0, /* splice() from a TCP socket */
	TRAIT_KIND_FIONREAD = 1, /* ioctl(FIONREAD), where the kernel answers wrongly */
	TRAIT_KIND_OOB = 2, /* urgent data: sent by a member, or received by TCP */
	TRAIT_KIND_ZEROCOPY = 3, /* zero-copy sends: SO_ZEROCOPY of a member, io_uring's */
	TRAIT_KIND_INQ = 4, /* TCP_INQ of a member */
	TRAIT_KIND_PEEK_OFF = 5, /* SO_PEEK_OFF of a member */
	TRAIT_KIND_SMALL_WRITES = 6, /* a member became a stream of small writes */
	TRAIT_KIND_ONE_REQUEST = 7, /* connections end before they have enough turns */
	TRAIT_KINDS = 8,
};

/* The bits of trait_state: those that are learned, and two of policy. */
enum trait {
	TRAIT_SPLICE = 1 << TRAIT_KIND_SPLICE,
	TRAIT_FIONREAD = 1 << TRAIT_KIND_FIONREAD,
	TRAIT_OOB = 1 << TRAIT_KIND_OOB,
	TRAIT_ZEROCOPY = 1 << TRAIT_KIND_ZEROCOPY,
	TRAIT_INQ = 1 << TRAIT_KIND_INQ,
	TRAIT_PEEK_OFF = 1 << TRAIT_KIND_PEEK_OFF,
	TRAIT_SMALL_WRITES = 1 << TRAIT_KIND_SMALL_WRITES,
	TRAIT_ONE_REQUEST = 1 << TRAIT_KIND_ONE_REQUEST,
	TRAIT_EXEMPT = 1 << 16, /* policy: never accelerate */
	TRAIT_FORCE = 1 << 17, /* policy: ignore learned traits */
};

/* When a workload showed a trait. CLOCK_MONOTONIC, signed: what was remembered may be older than boot. */
struct trait_use {
	__s64 first_ns;
	__s64 last_ns;
	__u64 times; /* that it was seen; not exact when CPUs count at the same time */
};

/* Learned or configured properties of a workload. */
struct trait_state {
	__u32 traits; /* enum trait, or-ed */
	__u32 pad;
	struct trait_use uses[TRAIT_KINDS]; /* by bit number; zero where the bit is not set */
};

#endif
