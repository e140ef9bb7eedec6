/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The maps of the connect rules. Rows of a set carry its generation in their key: a new set is written
 * beside the one in force, then `connect_config` switches, then the old rows go. A program reads the
 * generation once, so it sees one set from its first look to its last.
 */
#ifndef SHUNT_CONNECT_MAPS_H
#define SHUNT_CONNECT_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "connect_layout.h"

/* Two sets at a time, and what a controller left that died while it wrote a third. */
#define SETS_MAX 3
#define ADDRESSES_MAX (SETS_MAX * 16384)
#define PORTS_MAX (SETS_MAX * 32768)
#define SUBJECTS_MAX (SETS_MAX * 4096)
#define CONNECT_EVENTS_PER_SECOND 1000 /* of each CPU */

/* Written by the controller, which maps it into its memory; read by every program once per run. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct connect_config);
} connect_config SEC(".maps");

/* One row a set, by its generation. Written by the controller, read by the programs. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SETS_MAX);
	__type(key, __u32);
	__type(value, struct connect_set);
} connect_sets SEC(".maps");

/* What each rule does. Written by the controller, read when a rule has matched. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SETS_MAX *CONNECT_RULES_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct connect_rule_key);
	__type(value, struct connect_rule);
} connect_rules SEC(".maps");

/*
 * IPv4 destinations (v4-mapped ones too): the rules whose prefixes hold this prefix. Every set has a row
 * of 0 address bits. Written by the controller, which refuses sets with more rows than fit.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, ADDRESSES_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct connect_ipv4_key);
	__type(value, struct connect_bits);
} connect_ipv4 SEC(".maps");

/* As connect_ipv4, for IPv6. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, ADDRESSES_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct connect_ipv6_key);
	__type(value, struct connect_bits);
} connect_ipv6 SEC(".maps");

/* The rules for a protocol and a port. Port ranges are split into prefixes that do not overlap. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, PORTS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct connect_port_key);
	__type(value, struct connect_bits);
} connect_ports SEC(".maps");

/* The rules for an executable: those that name it, and those that name none. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SUBJECTS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct connect_executable_key);
	__type(value, struct connect_bits);
} connect_executables SEC(".maps");

/* The rules for a cgroup itself; id 0: those that name none. Ancestors are looked up one by one. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SUBJECTS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct connect_place_key);
	__type(value, struct connect_bits);
} connect_cgroups SEC(".maps");

/* The rules for a network namespace: those that name it, and those that name none. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SUBJECTS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct connect_place_key);
	__type(value, struct connect_bits);
} connect_netns SEC(".maps");

/*
 * Cgroups that the node covers; id 0: all. For the LSM hook, which the kernel calls for every caller.
 * Written by the controller.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u32);
} connect_scope SEC(".maps");

/* By rule id. Rows are made and removed by the controller; a rule without a row is not counted. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, SETS_MAX *CONNECT_RULES_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct connect_counters);
} connect_hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct connect_totals);
} connect_totals SEC(".maps");

/* Room of this second for events. */
struct sample {
	__u64 second;
	__u64 taken;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sample);
} connect_samples SEC(".maps");

/* Denials, while somebody watches. Full: counted as events_lost. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} connect_denials SEC(".maps");

struct fence_target {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} connect_fence_target SEC(".maps");

/*
 * No program reads it. An update of a map of maps returns when every program that runs has ended
 * (maybe_wait_bpf_programs, kernel/bpf/syscall.c): the controller waits so before it removes old rows.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct fence_target);
} connect_fence SEC(".maps");

#endif
