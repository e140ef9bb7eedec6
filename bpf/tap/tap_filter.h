/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which messages a tap shows: all that is set must match, either end counts. */
#ifndef SHUNT_TAP_FILTER_H
#define SHUNT_TAP_FILTER_H

#include "message_bytes.h"
#include "tap_maps.h"

#define CGROUP_LEVELS_MAX 16

/* The two ends of the message's connection; theirs is NULL when it is gone. */
struct ends {
	const struct sock *mine;
	const struct sock *theirs;
	const struct workload *my_workload;
	const struct workload *their_workload;
};

static __noinline int is_below(const struct sock *sk, __u64 cgroup_id)
{
	const struct cgroup *group = READ(sk, sk_cgrp_data.cgroup);
	int level;

	for (level = 0; level < CGROUP_LEVELS_MAX && group; level++) {
		if (READ(group, kn, id) == cgroup_id)
			return 1;
		group = READ(group, self.parent, cgroup);
	}
	return 0;
}

static __always_inline int runs_executable(const struct workload *workload)
{
	return workload && workload->exe_inode == filter.exe_inode &&
	       workload->exe_dev == filter.exe_dev;
}

static __always_inline int end_has_port(const struct tap_end *end)
{
	return end->local_port == filter.port || end->remote_port == filter.port;
}

static __always_inline int matches(const struct tap_record *record, const struct ends *ends)
{
	const struct tap_end *active = &record->end[SIDE_ACTIVE];
	const struct tap_end *passive = &record->end[SIDE_PASSIVE];

	if (filter.cookie && active->cookie != filter.cookie && passive->cookie != filter.cookie)
		return 0;
	if (filter.netns_cookie && active->netns_cookie != filter.netns_cookie &&
	    passive->netns_cookie != filter.netns_cookie)
		return 0;
	if (filter.port && !end_has_port(active) && !end_has_port(passive))
		return 0;
	if (filter.exe_inode && !runs_executable(ends->my_workload) &&
	    !runs_executable(ends->their_workload))
		return 0;
	if (filter.cgroup_id && !is_below(ends->mine, filter.cgroup_id) &&
	    !is_below(ends->theirs, filter.cgroup_id))
		return 0;
	return 1;
}

#endif
