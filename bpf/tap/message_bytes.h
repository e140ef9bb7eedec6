/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Where the bytes of a message are. sk_msg shows a program only the first element of the message;
 * pulling the rest together would copy it and change the message. So the elements are read from the
 * kernel's own list. Each is a page; pages lie in the kernel's linear map, at the same distance from
 * each other as their descriptors do, so the address that sk_msg gives for the first leads to all.
 */
#ifndef SHUNT_MESSAGE_BYTES_H
#define SHUNT_MESSAGE_BYTES_H

#include "tap_layout.h"
#include "sockmap/sock_reads.h"

#define PAGE_LINK_MASK (~3UL) /* include/linux/scatterlist.h: SG_PAGE_LINK_MASK */
#define ELEMENTS_MAX 64 /* CONFIG_MAX_SKB_FRAGS is 45 at most */

/* One element of a message. */
struct element {
	__u64 page; /* address of its struct page */
	__u32 offset_bytes;
	__u32 length_bytes;
};

/* The elements of a message. */
struct elements {
	__u64 first; /* kernel address of the list */
	__u32 start;
	__u32 size; /* of the ring that the list is */
	__u64 page; /* the first one's struct page ... */
	__u64 address; /* ... and where that page begins in the linear map */
};

static __always_inline int read_element(const struct elements *elements, __u32 index,
					struct element *element)
{
	const struct scatterlist *at;
	unsigned long link = 0;

	if (index >= elements->size)
		index -= elements->size;
	at = (const void *)(elements->first + index * bpf_core_type_size(struct scatterlist));
	if (bpf_core_read(&link, sizeof(link), &at->page_link) ||
	    bpf_core_read(&element->offset_bytes, sizeof(__u32), &at->offset) ||
	    bpf_core_read(&element->length_bytes, sizeof(__u32), &at->length))
		return -1;
	element->page = link & PAGE_LINK_MASK;
	return 0;
}

/* Kernel address of the first byte of an element. */
static __always_inline __u64 element_address(const struct elements *elements,
					     const struct element *element, __u32 page_bytes)
{
	__u64 page_size = bpf_core_type_size(struct page), address = elements->address;

	if (element->page >= elements->page)
		address += (element->page - elements->page) / page_size * page_bytes;
	else
		address -= (elements->page - element->page) / page_size * page_bytes;
	return address + element->offset_bytes;
}

#endif
