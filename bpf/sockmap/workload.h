/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which workload (cgroup + executable) a socket belongs to, and what is known of it. */
#ifndef SHUNT_WORKLOAD_H
#define SHUNT_WORKLOAD_H

#include "sock_reads.h"

static __always_inline void workload_of(const struct task_struct *task, struct workload *workload)
{
	const struct inode *inode = READ(task, mm, exe_file, f_inode);

	workload->cgroup_id = READ(task, cgroups, dfl_cgrp, kn, id);
	workload->exe_inode = READ(inode, i_ino);
	workload->exe_dev = READ(inode, i_sb, s_dev);
	workload->pad = 0;
}

/* Only in process context: `current` must be the socket's owner. */
static __always_inline void workload_from_current(struct workload *workload)
{
	workload_of((const void *)bpf_get_current_task(), workload);
}

static __always_inline __u32 traits_at(__u64 cgroup_id, __u64 exe_inode, __u32 exe_dev)
{
	struct workload key = {.cgroup_id = cgroup_id, .exe_inode = exe_inode, .exe_dev = exe_dev};
	const struct trait_state *state = bpf_map_lookup_elem(&traits, &key);

	return state ? state->traits : 0;
}

/* Traits after which a workload's connections stay on TCP; FIONREAD's depends on the kernel. */
#define TRAITS_REFUSED (TRAIT_SPLICE | TRAIT_OOB | TRAIT_ZEROCOPY | TRAIT_INQ | TRAIT_PEEK_OFF)

/* REASON_NONE, or why this workload's connections stay on TCP. */
static __noinline __u32 workload_refusal(const struct workload *workload,
					 const struct node_config *settings)
{
	__u32 here, known;

	if (!workload || !workload->exe_inode || !settings)
		return REASON_NONE;
	if (!settings->trait_generation)
		return REASON_NONE; /* no trait is known */
	/* A row without a cgroup is configured for the executable wherever it runs; the nearer row wins. */
	here = traits_at(workload->cgroup_id, workload->exe_inode, workload->exe_dev);
	known = here | traits_at(0, workload->exe_inode, workload->exe_dev);
	if (here & TRAIT_EXEMPT || (known & TRAIT_EXEMPT && !(here & TRAIT_FORCE)))
		return REASON_EXEMPT_EXECUTABLE;
	if (known & TRAIT_FORCE)
		return REASON_NONE;
	if (known & TRAITS_REFUSED || (known & TRAIT_FIONREAD && settings->fionread_guard))
		return REASON_WORKLOAD_TRAIT;
	return REASON_NONE;
}

/* 1: policy overrules what was learned of this workload. */
static __always_inline int is_forced(const struct workload *workload)
{
	__u32 here = traits_at(workload->cgroup_id, workload->exe_inode, workload->exe_dev);

	return ((here | traits_at(0, workload->exe_inode, workload->exe_dev)) & TRAIT_FORCE) != 0;
}

/* 1: the workload has this trait and policy does not overrule it. */
static __always_inline int workload_shows(const struct workload *workload,
					  const struct node_config *settings, __u32 trait)
{
	__u32 here;

	if (!(settings->traits_known & trait))
		return 0;
	here = traits_at(workload->cgroup_id, workload->exe_inode, workload->exe_dev);
	return here & trait && !(here & TRAIT_FORCE) &&
	       !(traits_at(0, workload->exe_inode, workload->exe_dev) & TRAIT_FORCE);
}

#endif
