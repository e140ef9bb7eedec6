/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Whether bytes begin a message of HTTP. */
#ifndef SHUNT_HTTP_START_H
#define SHUNT_HTTP_START_H

#include "http_calls.h"

#define START_BYTES 8

enum start {
	START_NONE,
	START_REQUEST,
	START_RESPONSE,
	START_HTTP2, /* the client's preface (RFC 9113, 3.4) */
};

/* The eight bytes of a literal as they lie in memory; the mask leaves those out that it does not have. */
#define WORD(a, b, c, d, e, f, g, h)                                                             \
	((__u64)(a) | (__u64)(b) << 8 | (__u64)(c) << 16 | (__u64)(d) << 24 | (__u64)(e) << 32 | \
	 (__u64)(f) << 40 | (__u64)(g) << 48 | (__u64)(h) << 56)

static __always_inline int begins(__u64 word, __u64 mask, __u64 wanted, __u32 bytes)
{
	return (word & mask & ((1ULL << (bytes * 8 - 1) << 1) - 1)) == (wanted & mask);
}

/*
 * enum start. @mask: of the bytes that there are, at least one. A part of a beginning is one. Not static, so
 * that it is verified once.
 */
__noinline int start_of(__u64 word, __u64 mask)
{
	if (begins(word, mask, WORD('G', 'E', 'T', ' ', 0, 0, 0, 0), 4) ||
	    begins(word, mask, WORD('P', 'O', 'S', 'T', ' ', 0, 0, 0), 5) ||
	    begins(word, mask, WORD('P', 'U', 'T', ' ', 0, 0, 0, 0), 4) ||
	    begins(word, mask, WORD('H', 'E', 'A', 'D', ' ', 0, 0, 0), 5) ||
	    begins(word, mask, WORD('D', 'E', 'L', 'E', 'T', 'E', ' ', 0), 7) ||
	    begins(word, mask, WORD('P', 'A', 'T', 'C', 'H', ' ', 0, 0), 6) ||
	    begins(word, mask, WORD('T', 'R', 'A', 'C', 'E', ' ', 0, 0), 6) ||
	    begins(word, mask, WORD('O', 'P', 'T', 'I', 'O', 'N', 'S', ' '), 8) ||
	    begins(word, mask, WORD('C', 'O', 'N', 'N', 'E', 'C', 'T', ' '), 8))
		return START_REQUEST;
	if (begins(word, mask, WORD('H', 'T', 'T', 'P', '/', '1', '.', 0), 7))
		return START_RESPONSE;
	if (begins(word, mask, WORD('P', 'R', 'I', ' ', '*', ' ', 'H', 'T'), 8))
		return START_HTTP2;
	return START_NONE;
}

/* Looks at the first buffer only: nobody cuts the first line into several. */
static __always_inline enum start find_start(const struct buffers *buffers, __u64 bytes)
{
	struct buffer first = {};
	__u64 words[2] = {}, mask = ~0ULL;

	if (read_buffer(buffers, 0, &first))
		return START_NONE;
	if (first.bytes < bytes)
		bytes = first.bytes;
	if (!bytes)
		return START_NONE;
	if (bytes < START_BYTES)
		mask = (1ULL << bytes * 8) - 1;
	else
		bytes = START_BYTES;
	BOUND(bytes, 0xf);
	if (bpf_probe_read_user(words, bytes, (const void *)first.address))
		return START_NONE;
	return start_of(words[0], mask);
}

#endif
