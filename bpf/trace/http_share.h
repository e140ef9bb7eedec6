/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which readers follow a connection, where they want a share of all connections. */
#ifndef SHUNT_HTTP_SHARE_H
#define SHUNT_HTTP_SHARE_H

#include "trace_record.h"

#define PERCENT 100

/*
 * The bits of @readers without those whose share leaves the connection out. Its number decides, so that all
 * its calls are told to a reader or none is. @begins: this is the first of them; what is left out is counted.
 * Not static, so that it is verified once.
 */
__noinline __u32 readers_of_share(__u32 readers, __u64 netns_cookie, __u64 number, __u32 begins)
{
	__u32 place = (__u32)(number * SPREAD >> 32) % PERCENT, share, i;

	for (i = 0; i < TRACE_READERS_MAX; i++) {
		if (!(readers & (1U << i)) || !state.readers[i].chosen)
			continue;
		share = find_share(i, netns_cookie);
		if (place < share)
			continue;
		readers &= ~(1U << i);
		if (begins && share)
			COUNT(unsampled[i]);
	}
	return readers;
}

#endif
