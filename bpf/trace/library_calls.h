/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What all programs have that look at calls of a TLS library. */
#ifndef SHUNT_LIBRARY_CALLS_H
#define SHUNT_LIBRARY_CALLS_H

#include "current.h"
#include <linux/ptrace.h>
#include <bpf/bpf_tracing.h>

/* Threads in a call that has made another one for another connection. */
#define OUTER_CALLS_MAX 1024

/* A file may be attached to for one process, yet older kernels run the program for others of the file. */
static __always_inline int is_meant(struct pt_regs *regs)
{
	__u64 pid = bpf_get_attach_cookie(regs);

	return !pid || pid == bpf_get_current_pid_tgid() >> 32;
}

/*
 * Bytes that a call moved; 0 also when it failed. @count: where the library has written how many; 0: it
 * returned that.
 */
static __always_inline __u64 moved_by(__u64 count, int result)
{
	__u64 bytes = 0;

	if (result <= 0)
		return 0;
	if (!count)
		return result;
	if (bpf_probe_read_user(&bytes, sizeof(bytes), (const void *)count))
		return 0;
	return bytes;
}

#endif
