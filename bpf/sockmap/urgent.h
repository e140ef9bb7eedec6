/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Whether the message at hand was sent with MSG_OOB. sk_msg is not told, so the registers of the system
 * call are asked. Only for the shortest messages: urgent data is a byte, and looking costs 45 ns.
 * What io_uring sends is not seen.
 */
#ifndef SHUNT_URGENT_H
#define SHUNT_URGENT_H

#include <asm/unistd.h>
#include "sock_reads.h"

#define URGENT_MESSAGE_MAX 4
#define MSG_OOB 1

/* Number and arguments of the current task's system call. */
struct call {
	__u64 number;
	__u64 third;
	__u64 fourth;
};

/* The registers' names tell the machine, to the loader. */
static __always_inline void current_call(const void *registers, struct call *call)
{
	const struct pt_regs___x86 *x86 = registers;
	const struct pt_regs___arm64 *arm = registers;

	if (bpf_core_field_exists(x86->orig_ax)) {
		call->number = READ(x86, orig_ax);
		call->third = READ(x86, dx);
		call->fourth = READ(x86, r10);
	} else if (bpf_core_field_exists(arm->syscallno)) {
		call->number = READ(arm, syscallno);
		call->third = READ(arm, regs[2]);
		call->fourth = READ(arm, regs[3]);
	}
}

static __always_inline int is_urgent(__u32 size)
{
	struct call call = {};

	if (size > URGENT_MESSAGE_MAX)
		return 0;
	current_call((const void *)bpf_task_pt_regs(bpf_get_current_task_btf()), &call);
	switch (call.number) {
	case __NR_sendto:
	case __NR_sendmmsg:
		return call.fourth & MSG_OOB;
	case __NR_sendmsg:
		return call.third & MSG_OOB;
	default:
		return 0;
	}
}

#endif
