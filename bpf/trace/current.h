/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Who runs: for modules that look at code of programs, not at sockets. */
#ifndef SHUNT_CURRENT_H
#define SHUNT_CURRENT_H

#include "trace_record.h"

static __always_inline __u64 current_cgroup_id(void)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();

	return READ(task, cgroups, dfl_cgrp, kn, id);
}

static __always_inline __u64 current_netns_cookie(void)
{
	const struct task_struct___trace *task = (const void *)bpf_get_current_task();

	return READ(task, nsproxy, net_ns, net_cookie);
}

static __always_inline struct subject current_subject(__u32 pid)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	struct subject subject = {.group = (__u64)READ(task, cgroups, dfl_cgrp), .pid = pid};

	return subject;
}

/* Bit per reader that wants to know of the process, counted; ports of @socket may be 0. */
static __always_inline __u32 readers_of_current(const struct trace_socket *socket, __u32 pid)
{
	struct subject subject = current_subject(pid);

	return match_readers(socket, &subject);
}

/* The process by the name of its first thread: others have names of their own. */
static __always_inline void see_whole_process(struct trace_process *process)
{
	const struct task_struct___trace *task = (const void *)bpf_get_current_task();
	const struct task_struct___trace *first = READ(task, group_leader);

	process->pid = bpf_get_current_pid_tgid() >> 32;
	if (bpf_core_read_str(process->command, sizeof(process->command), &first->comm) < 0)
		process->command[0] = 0;
	process->pad = 0;
}

#endif
