/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What a module remembers of sockets. A hash map of the kernel takes 0.2 us to add a row and delete it again, and
 * one that forgets what was not used for long 50 ns to find one: more than all else that happens here. This one is
 * an array: a socket is in one of eight places of one of two sets, which its address names. Nothing is locked.
 */
#ifndef SHUNT_SOCKET_TABLE_H
#define SHUNT_SOCKET_TABLE_H

#include "trace_record.h"

/* A module that includes this says what a row is, SOCKET_ROW, and how many bits number its sets, SOCKET_SET_BITS. */
#define SOCKET_SETS (1 << SOCKET_SET_BITS)
#define SET_PLACES 8
#define SET_PLACE_BITS 3
#define SOCKET_BYTES_BITS 11 /* a struct tcp_sock has more than 2,048 bytes, and fewer than 4,096 */

struct socket_set {
	__u64 sk[SET_PLACES]; /* kernel address of the struct sock; 0: the place is free */
	SOCKET_ROW rows[SET_PLACES];
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

/*
 * The kernel address at @address as a number: nothing can be computed with what the verifier knows to point at a
 * socket, but it forgets that in a function that is not static.
 */
__noinline __u64 number_at(const __u64 *address)
{
	return address ? *address : 0;
}

static __always_inline __u64 number_of(const struct sock *sk)
{
	__u64 address = (__u64)sk;

	return number_at(&address);
}

/* Neighbours in memory are neighbours here: the kernel takes sockets out of few pages, and so does this then. */
static __always_inline __u32 first_set(__u64 sk)
{
	return sk >> SOCKET_BYTES_BITS & (SOCKET_SETS - 1);
}

static __always_inline __u32 second_set(__u64 sk)
{
	return sk * SPREAD >> (64 - SOCKET_SET_BITS);
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

static __noinline int place_in_second(__u64 sk)
{
	return place_in(second_set(sk), sk);
}

/* The place of a socket; -1: it has none. @sk: its number. */
static __always_inline int find_place(__u64 sk)
{
	int place = place_in(first_set(sk), sk);

	return place >= 0 ? place : place_in_second(sk);
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

/* @place: as found; 0 for -1. */
static __always_inline SOCKET_ROW *row_at(int place)
{
	__u32 index = (__u32)place >> SET_PLACE_BITS;
	struct socket_set *set;

	if (place < 0)
		return 0;
	set = bpf_map_lookup_elem(&sockets, &index);
	if (!set)
		return 0;
	/* Or else the compiler computes with it before it is compared with 0, which the verifier refuses. */
	asm volatile("" : "+r"(set));
	return &set->rows[place & (SET_PLACES - 1)];
}

/*
 * A place for a socket that has none; its row is zero. -1: there is no room. Not static, so that it is verified
 * once, and not what follows once for each place.
 */
__noinline int add_place(__u64 sk)
{
	SOCKET_ROW *row;
	__u32 first, second;
	int place;

	first = first_set(sk);
	second = second_set(sk);
	/* Sets fill up evenly this way. */
	place = free_places_in(second) > free_places_in(first) ? take_place_in(second, sk)
							       : take_place_in(first, sk);
	row = row_at(place);
	if (row)
		__builtin_memset(row, 0, sizeof(*row));
	return place;
}

static __always_inline void free_place(int place)
{
	__u32 index = (__u32)place >> SET_PLACE_BITS;
	struct socket_set *set = bpf_map_lookup_elem(&sockets, &index);

	if (place >= 0 && set)
		set->sk[place & (SET_PLACES - 1)] = 0;
}

#endif
