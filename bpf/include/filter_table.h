/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Decision tables of a rule set: from a field of a packet to the rules whose condition on it holds. */
#ifndef SHUNT_FILTER_TABLE_H
#define SHUNT_FILTER_TABLE_H

#include "filter_maps.h"

/* What a table is asked for; bytes that do not count are zero. */
union filter_key {
	__u8 byte[16];
	__u64 half_be[2];
};

static __always_inline __u32 compare(void *set, const union filter_key *key, __u32 entry)
{
	__u32 index = entry & FILTER_COMPARE_INDEX, page = index / FILTER_COMPARES_PER_PAGE;
	struct filter_compare *row = bpf_map_lookup_elem(set, &page);

	if (!row)
		return 0;
	row += index % FILTER_COMPARES_PER_PAGE;
	return ((key->half_be[0] & row->mask_be[0]) ^ row->value_be[0]) |
			       ((key->half_be[1] & row->mask_be[1]) ^ row->value_be[1])
		       ? row->other
		       : row->match;
}

/* Takes a step with one byte of the key. */
static __always_inline __u32 step(void *set, __u32 entry, __u8 byte)
{
	__u32 page = entry & FILTER_STEP_INDEX;
	struct filter_page *row = bpf_map_lookup_elem(set, &page);

	return row ? row->word[byte] : 0;
}

/* Returns a class, 0 if the table is broken. Longer prefixes of an address lie further on the way. */
static __always_inline __u32 find_class(void *set, const union filter_key *key, __u32 entry)
{
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < FILTER_WALK_MAX; i++) {
		switch (entry >> FILTER_KIND_SHIFT) {
		case FILTER_ENTRY_CLASS:
			return entry;
		case FILTER_ENTRY_STEP:
			entry = step(set, entry, key->byte[entry >> FILTER_BYTE_SHIFT & 15]);
			break;
		default:
			entry = compare(set, key, entry);
		}
	}
	return 0;
}

/* As step(), if the entry is one. */
static __always_inline __u32 step_or_class(void *set, __u32 entry, __u8 byte)
{
	return entry >> FILTER_KIND_SHIFT == FILTER_ENTRY_STEP ? step(set, entry, byte) : entry;
}

/* As find_class() for a key of two bytes, whose table has no comparisons. */
static __always_inline __u32 find_port(void *set, __u32 port, __u32 entry)
{
	entry = step_or_class(set, entry, port >> 8);
	entry = step_or_class(set, entry, port);
	return entry >> FILTER_KIND_SHIFT == FILTER_ENTRY_CLASS ? entry : 0;
}

/* The rules of a class; NULL if the set is broken. */
static __always_inline struct filter_bitmap *rules_of(void *set, __u32 class)
{
	__u32 index = class & FILTER_CLASS_INDEX, page = index >> 3;
	__u64 offset = (index & 7) * sizeof(struct filter_bitmap);
	void *row = bpf_map_lookup_elem(set, &page);

	barrier_var(offset); /* or the check below is made on what the verifier does not connect */
	if (!row || offset > (FILTER_BITMAPS_PER_PAGE - 1) * sizeof(struct filter_bitmap))
		return NULL;
	return row + offset;
}

#endif
