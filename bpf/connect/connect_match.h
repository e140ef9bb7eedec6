/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Which rule decides an attempt: each thing that is known of the attempt gives the rules that it can
 * match, as bits; the first bit that all of them have is the rule. The cost does not depend on the
 * number of prefixes. Fails open: whatever cannot be read or found allows, and is counted.
 */
#ifndef SHUNT_CONNECT_MATCH_H
#define SHUNT_CONNECT_MATCH_H

#include <bpf/bpf_endian.h>
#include "connect_maps.h"
#include "sockmap/sock_reads.h"

#define NO_RULE CONNECT_RULES_MAX
#define MAX_ADDRESS_BITS 128

#define COUNT_CONNECT(field)                                                                 \
	do {                                                                                 \
		__u32 index_ = 0;                                                            \
		struct connect_totals *row_ = bpf_map_lookup_elem(&connect_totals, &index_); \
		if (row_)                                                                    \
			row_->field++;                                                       \
	} while (0)

/* Somebody wants to talk to somebody. */
struct attempt {
	struct address remote; /* IPv4 as v4-mapped */
	__u64 netns_cookie;
	__u16 port;
	__u16 protocol;
	__u32 call;
	__u32 generation;
	__u32 looks;
};

/* The two rules that matter: the first that matches, and the first that is enforced. */
struct match {
	__u32 first;
	__u32 enforced;
};

static __always_inline int is_ipv4(const struct address *address)
{
	return !address->word_be[0] && !address->word_be[1] &&
	       address->word_be[2] == bpf_htonl(0xffff);
}

/* The kernel takes the unspecified address for loopback (ip_route_connect, tcp_v6_connect). */
static __always_inline void name_loopback(struct address *remote)
{
	if (is_ipv4(remote)) {
		if (!remote->word_be[3])
			remote->word_be[3] = bpf_htonl(0x7f000001);
	} else if (!remote->word_be[0] && !remote->word_be[1] && !remote->word_be[2] &&
		   !remote->word_be[3]) {
		remote->word_be[3] = bpf_htonl(1);
	}
}

static __noinline const struct connect_bits *rules_of_address(const struct attempt *attempt)
{
	if (!attempt)
		return 0;
	if (is_ipv4(&attempt->remote)) {
		struct connect_ipv4_key key = {
			.prefix_bits = 64,
			.generation = attempt->generation,
			.address_be = attempt->remote.word_be[3],
		};

		return bpf_map_lookup_elem(&connect_ipv4, &key);
	}
	struct connect_ipv6_key key = {
		.prefix_bits = 32 + MAX_ADDRESS_BITS,
		.generation = attempt->generation,
	};

	__builtin_memcpy(key.address_be, attempt->remote.word_be, sizeof(key.address_be));
	return bpf_map_lookup_elem(&connect_ipv6, &key);
}

static __always_inline const struct connect_bits *rules_of_port(const struct attempt *attempt)
{
	struct connect_port_key key = {
		.prefix_bits = 64,
		.generation = attempt->generation,
		.protocol_be = bpf_htons(attempt->protocol),
		.port_be = bpf_htons(attempt->port),
	};

	return bpf_map_lookup_elem(&connect_ports, &key);
}

static __always_inline const struct connect_bits *rules_of_executable(const struct attempt *attempt)
{
	struct connect_executable_key key = {.generation = attempt->generation};
	const struct connect_bits *found = 0;

	if (attempt->looks & CONNECT_LOOK_EXECUTABLE) {
		const struct task_struct *task = (const void *)bpf_get_current_task();
		const struct inode *inode = READ(task, mm, exe_file, f_inode);

		key.exe_inode = READ(inode, i_ino);
		key.exe_dev = READ(inode, i_sb, s_dev);
		found = bpf_map_lookup_elem(&connect_executables, &key);
		key.exe_inode = 0;
		key.exe_dev = 0;
	}
	return found ? found : bpf_map_lookup_elem(&connect_executables, &key);
}

static __always_inline const struct connect_bits *rules_of_netns(const struct attempt *attempt)
{
	struct connect_place_key key = {.generation = attempt->generation};
	const struct connect_bits *found = 0;

	if (attempt->looks & CONNECT_LOOK_NETNS) {
		key.id = attempt->netns_cookie;
		found = bpf_map_lookup_elem(&connect_netns, &key);
		key.id = 0;
	}
	return found ? found : bpf_map_lookup_elem(&connect_netns, &key);
}

/* Adds to @sum the rules for the caller's cgroup and those above it. 0, or -1: no such row. */
static __noinline int add_rules_of_cgroups(const struct attempt *attempt, struct connect_bits *sum)
{
	struct connect_place_key key = {};
	const struct task_struct *task = (const void *)bpf_get_current_task();
	const struct connect_bits *found;
	const struct cgroup *group;
	int level, word;

	if (!attempt || !sum)
		return -1;
	key.generation = attempt->generation;
	found = bpf_map_lookup_elem(&connect_cgroups, &key);
	if (!found)
		return -1;
	*sum = *found;
	if (!(attempt->looks & CONNECT_LOOK_CGROUP))
		return 0;
	group = READ(task, cgroups, dfl_cgrp);
	for (level = 0; level < CONNECT_CGROUP_LEVELS && group; level++) {
		key.id = READ(group, kn, id);
		found = bpf_map_lookup_elem(&connect_cgroups, &key);
		if (found)
			for (word = 0; word < CONNECT_WORDS; word++)
				sum->words[word] |= found->words[word];
		group = READ(group, self.parent, cgroup);
	}
	return 0;
}

static __always_inline __u32 lowest_bit(__u64 word)
{
	__u32 bit = 0, half;

	for (half = 32; half; half >>= 1) {
		if (!(word & ((1ULL << half) - 1))) {
			word >>= half;
			bit += half;
		}
	}
	return bit;
}

/* The first of these rules, or NO_RULE. Global, so that the verifier walks through it once. */
__noinline __u32 first_rule(const struct connect_bits *rules)
{
	__u32 word;

	if (!rules)
		return NO_RULE;
	for (word = 0; word < CONNECT_WORDS; word++)
		if (rules->words[word])
			return word * 64 + lowest_bit(rules->words[word]);
	return NO_RULE;
}

/* 0, or -1: a row of the set is missing. */
static __noinline int find_rules(const struct attempt *attempt, const struct connect_set *set,
				 struct match *match)
{
	const struct connect_bits *address, *port, *executable, *place;
	struct connect_bits rules;
	int word;

	if (!attempt || !set || !match)
		return -1;
	address = rules_of_address(attempt);
	port = rules_of_port(attempt);
	executable = rules_of_executable(attempt);
	place = rules_of_netns(attempt);
	if (!address || !port || !executable || !place || add_rules_of_cgroups(attempt, &rules))
		return -1;
	for (word = 0; word < CONNECT_WORDS; word++)
		rules.words[word] &= address->words[word] & port->words[word] &
				     executable->words[word] & place->words[word];
	match->first = first_rule(&rules);
	for (word = 0; word < CONNECT_WORDS; word++)
		rules.words[word] &= set->enforced.words[word];
	match->enforced = first_rule(&rules);
	return 0;
}

#endif
