/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What a module remembers of sockets. A hash map of the kernel takes 0.2 us to add a row and delete it again, and
 * one that forgets what was not used for long 50 ns to find one: more than all else that happens here. This one is
 * two arrays: a socket is in one of seven places of one of two sets, which its address names. Nothing is locked.
 */
#ifndef SHUNT_SOCKET_TABLE_H
#define SHUNT_SOCKET_TABLE_H

#include "trace_record.h"

/* A module that includes this says what a row is, SOCKET_ROW, and how many bits number its sets, SOCKET_SET_BITS. */
#define SOCKET_SETS (1 << SOCKET_SET_BITS)
#define SET_PLACES 7
#define SET_PLACE_BITS 3
#define FEW_PLACES 2 /* of a set */
#define SOCKET_BYTES_BITS 11 /* a struct tcp_sock has more than 2,048 bytes, and fewer than 4,096 */
#define SLAB_BYTES_BITS 15 /* the kernel takes sockets out of so many at a time */

/* One cache line: most sockets that are looked for are not there, and this is all that is read then. */
struct socket_set {
	__u64 sk[SET_PLACES]; /* kernel address of the struct sock; 0: the place is free */
	__u64 moved; /* sockets that have this as their first set, and are in their second one */
};

/*
 * Written and read by the programs: a place is taken when a socket is first remembered, freed with its last
 * change. Full, that is both sets of a socket are: it is not remembered; counted as untracked. That begins when most
 * of all places are taken. A map that can be mapped begins with a page, and so each set with a cache line.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SOCKET_SETS);
	__type(key, __u32);
	__type(value, struct socket_set);
} sockets SEC(".maps");

/* One for each place; written and read by the programs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, (SOCKET_SETS * SET_PLACES));
	__type(key, __u32);
	__type(value, SOCKET_ROW);
} socket_rows SEC(".maps");

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

/* All of a slab go together, so that few pages of the table are in use where few slabs are. */
static __always_inline __u32 second_set(__u64 sk)
{
	__u32 slab = (sk >> SLAB_BYTES_BITS) * SPREAD >> (64 - SOCKET_SET_BITS);

	return (first_set(sk) + slab) & (SOCKET_SETS - 1);
}

static __always_inline struct socket_set *set_at(__u32 index)
{
	return bpf_map_lookup_elem(&sockets, &index);
}

static __always_inline int place_in(const struct socket_set *set, __u32 index, __u64 sk)
{
	int place;

	for (place = 0; place < SET_PLACES; place++) {
		if (set->sk[place] == sk)
			return index << SET_PLACE_BITS | place;
	}
	return -1;
}

static __noinline int place_in_second(__u64 sk)
{
	__u32 index = second_set(sk);
	const struct socket_set *set = set_at(index);

	return set ? place_in(set, index, sk) : -1;
}

/* The place of a socket; -1: it has none. @sk: its number. */
static __always_inline int find_place(__u64 sk)
{
	__u32 index = first_set(sk);
	const struct socket_set *set = set_at(index);
	int place;

	if (!set)
		return -1;
	place = place_in(set, index, sk);
	return place < 0 && set->moved ? place_in_second(sk) : place;
}

static __always_inline int take_place_in(__u32 index, __u64 sk)
{
	struct socket_set *set = set_at(index);
	int place;

	for (place = 0; set && place < SET_PLACES; place++) {
		if (!set->sk[place] && !__sync_val_compare_and_swap(&set->sk[place], 0, sk))
			return index << SET_PLACE_BITS | place;
	}
	return -1;
}

static __always_inline int places_taken(__u32 index)
{
	const struct socket_set *set = set_at(index);
	int count = 0, place;

	for (place = 0; set && place < SET_PLACES; place++)
		count += set->sk[place] != 0;
	return count;
}

/* @place: as found; 0 for -1. */
static __always_inline SOCKET_ROW *row_at(int place)
{
	__u32 index;
	SOCKET_ROW *row;

	if (place < 0)
		return 0;
	index = ((__u32)place >> SET_PLACE_BITS) * SET_PLACES + (place & SET_PLACES);
	row = bpf_map_lookup_elem(&socket_rows, &index);
	/* Or else the compiler computes with it before it is compared with 0, which the verifier refuses. */
	asm volatile("" : "+r"(row));
	return row;
}

static __always_inline void count_moved(__u64 sk, __u32 index, __u64 more)
{
	struct socket_set *first = set_at(first_set(sk));

	if (first && first_set(sk) != index)
		__sync_fetch_and_add(&first->moved, more);
}

/*
 * A place for a socket that has none; its row is zero. -1: there is no room. Not static, so that it is verified
 * once, and not what follows once for each place.
 */
__noinline int add_place(__u64 sk)
{
	__u32 index = first_set(sk), second = second_set(sk);
	int taken = places_taken(index), place;
	SOCKET_ROW *row;

	/* Sets fill up evenly this way, and while they are not, most sockets are where they are looked for first. */
	if (taken >= FEW_PLACES && places_taken(second) < taken)
		index = second;
	place = take_place_in(index, sk);
	row = row_at(place);
	if (!row)
		return -1;
	count_moved(sk, index, 1);
	__builtin_memset(row, 0, sizeof(*row));
	return place;
}

static __always_inline void free_place(int place)
{
	__u32 index = (__u32)place >> SET_PLACE_BITS;
	struct socket_set *set;
	__u64 *sk;

	if (place < 0)
		return;
	set = set_at(index);
	if (!set)
		return;
	sk = &set->sk[place & SET_PLACES];
	count_moved(*sk, index, -1ULL);
	*sk = 0;
}

/* And any that was at its address before, and whose end was not seen. */
static __always_inline void forget_socket(const struct sock *sk)
{
	free_place(find_place(number_of(sk)));
}

#endif
