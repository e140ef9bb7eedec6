/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What a module remembers of sockets from one change of their state to the next. A hash map of the kernel takes
 * 0.2 us to add a row and delete it again, more than all else that happens here. This one is an array: a socket
 * is in one of eight places of one of two sets, which its address names. Nothing is locked. Whoever holds the
 * socket's lock is the one who looks at its row.
 */
#ifndef SHUNT_SOCKET_TABLE_H
#define SHUNT_SOCKET_TABLE_H

#include "trace_record.h"

/* A module that includes this says how many bits number its sets: SOCKET_SET_BITS. */
#define SOCKET_SETS (1 << SOCKET_SET_BITS)
#define SET_PLACES 8
#define SET_PLACE_BITS 3

struct socket_row {
	__u64 since_ns; /* CLOCK_MONOTONIC: of the last change */
	struct trace_process process;
};

struct socket_set {
	__u64 sk[SET_PLACES]; /* kernel address of the struct sock; 0: the place is free */
	struct socket_row rows[SET_PLACES];
};

/*
 * Written and read by the programs: a row when a change is seen, freed with the last one. Full, that is both
 * sets of a socket are: it is not remembered; counted as untracked. That begins when most of all
 * places are taken.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SOCKET_SETS);
	__type(key, __u32);
	__type(value, struct socket_set);
} sockets SEC(".maps");

static __always_inline __u32 first_set(__u64 sk)
{
	return sk * SPREAD >> (64 - SOCKET_SET_BITS);
}

static __always_inline __u32 second_set(__u64 sk)
{
	return sk * SPREAD >> (64 - 2 * SOCKET_SET_BITS) & (SOCKET_SETS - 1);
}

static __always_inline int place_in(__u32 index, __u64 sk)
{
	struct socket_set *set = bpf_map_lookup_elem(&sockets, &index);
	int place;

	for (place = 0; set && place < SET_PLACES; place++) {
		if (set->sk[place] == sk)
			return index << SET_PLACE_BITS | place;
	}
	return -1;
}

static __always_inline int take_place_in(__u32 index, __u64 sk)
{
	struct socket_set *set = bpf_map_lookup_elem(&sockets, &index);
	int place;

	for (place = 0; set && place < SET_PLACES; place++) {
		if (!set->sk[place] && !__sync_val_compare_and_swap(&set->sk[place], 0, sk))
			return index << SET_PLACE_BITS | place;
	}
	return -1;
}

static __always_inline int free_places_in(__u32 index)
{
	const struct socket_set *set = bpf_map_lookup_elem(&sockets, &index);
	int count = 0, place;

	for (place = 0; set && place < SET_PLACES; place++)
		count += !set->sk[place];
	return count;
}

/*
 * The place of a socket; -1: it has none. @sk: its kernel address, which the verifier lets a function take from
 * memory only. Not static, so that it is verified once, and not what follows once for each place.
 */
__noinline int find_place(const __u64 *sk)
{
	int place;

	if (!sk)
		return -1;
	place = place_in(first_set(*sk), *sk);
	return place >= 0 ? place : place_in(second_set(*sk), *sk);
}

/* The same; one that has none gets one. -1: there is no room. */
__noinline int take_place(const __u64 *sk)
{
	int place = find_place(sk);
	__u32 first, second;

	if (place >= 0 || !sk)
		return place;
	first = first_set(*sk);
	second = second_set(*sk);
	/* Sets fill up evenly this way. */
	if (free_places_in(second) > free_places_in(first))
		return take_place_in(second, *sk);
	return take_place_in(first, *sk);
}

/* @place: as found; 0 for -1. A row that was just taken is zero. */
static __always_inline struct socket_row *row_at(int place)
{
	__u32 index = (__u32)place >> SET_PLACE_BITS;
	struct socket_set *set = bpf_map_lookup_elem(&sockets, &index);

	return place >= 0 && set ? &set->rows[place & (SET_PLACES - 1)] : 0;
}

static __always_inline void free_place(int place)
{
	__u32 index = (__u32)place >> SET_PLACE_BITS;
	struct socket_set *set = bpf_map_lookup_elem(&sockets, &index);
	struct socket_row nothing = {};

	if (place < 0 || !set)
		return;
	set->rows[place & (SET_PLACES - 1)] = nothing;
	/* Not a plain store: the row is zero before another socket can take it. */
	__sync_lock_test_and_set(&set->sk[place & (SET_PLACES - 1)], 0);
}

#endif
