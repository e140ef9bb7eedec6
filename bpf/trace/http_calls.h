/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Where the bytes of a system call on a socket are, in the memory of the process that made it. */
#ifndef SHUNT_HTTP_CALLS_H
#define SHUNT_HTTP_CALLS_H

#include <asm/unistd.h>
#include "trace_record.h"

#define IOVECS_MAX 1024 /* include/uapi/linux/uio.h: UIO_MAXIOV */
#define MSG_PEEK_FLAG 0x2
#define MSG_TRUNC_FLAG 0x20
#define MSG_ERRQUEUE_FLAG 0x2000

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* What vmlinux.h does not have of it. */
struct pt_regs___x86_call {
	unsigned long r10;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
};

struct pt_regs___arm64_call {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
};

#pragma clang attribute pop

/* 6.1: a length that was compared is not known to be bounded after it was copied between registers. */
#define BOUND(length, mask) asm volatile("%0 &= " #mask : "+r"(length))

/* A system call and its first four arguments. */
struct call {
	__u64 number;
	__u64 arg[4];
};

/* As user space has them (include/linux/socket.h: user_msghdr). */
struct buffer {
	__u64 address;
	__u64 bytes;
};

struct message_header {
	__u64 name;
	__u64 name_bytes;
	__u64 buffers;
	__u64 buffer_count;
};

/* The buffers of a call; none when they are not known. */
struct buffers {
	__u64 list; /* in user space; 0: `only` is the one */
	struct buffer only;
	__u32 count;
	__u32 pad;
};

static __always_inline void read_call(const void *registers, struct call *call)
{
	const struct pt_regs___x86_call *x86 = registers;
	const struct pt_regs___arm64_call *arm = registers;

	if (bpf_core_field_exists(x86->orig_ax)) {
		call->number = READ(x86, orig_ax);
		call->arg[0] = READ(x86, di);
		call->arg[1] = READ(x86, si);
		call->arg[2] = READ(x86, dx);
		call->arg[3] = READ(x86, r10);
		return;
	}
	call->number = READ(arm, syscallno);
	call->arg[0] = READ(arm, orig_x0);
	call->arg[1] = READ(arm, regs[1]);
	call->arg[2] = READ(arm, regs[2]);
	call->arg[3] = READ(arm, regs[3]);
}

static __always_inline void list_buffers(struct buffers *buffers, __u64 list, __u64 count)
{
	buffers->list = list;
	buffers->count = count > IOVECS_MAX ? IOVECS_MAX : count;
}

/*
 * Calls that are not named here carry bytes that nobody can find (sendfile(), io_uring, calls on several
 * messages): those are told by their number only.
 */
static __always_inline void find_buffers(const struct call *call, struct buffers *buffers)
{
	struct message_header header = {};

	switch (call->number) {
	case __NR_read:
	case __NR_write:
	case __NR_recvfrom:
	case __NR_sendto:
		buffers->only.address = call->arg[1];
		buffers->only.bytes = call->arg[2];
		buffers->count = 1;
		break;
	case __NR_readv:
	case __NR_writev:
		list_buffers(buffers, call->arg[1], call->arg[2]);
		break;
	case __NR_recvmsg:
	case __NR_sendmsg:
		if (!bpf_probe_read_user(&header, sizeof(header), (const void *)call->arg[1]))
			list_buffers(buffers, header.buffers, header.buffer_count);
		break;
	default:
		break;
	}
}

/* 0: @buffer is number @index of them. */
static __always_inline int read_buffer(const struct buffers *buffers, __u32 index,
				       struct buffer *buffer)
{
	if (index >= buffers->count)
		return -1;
	if (!buffers->list) {
		*buffer = buffers->only;
		return 0;
	}
	return bpf_probe_read_user(buffer, sizeof(*buffer),
				   (const void *)(buffers->list + index * sizeof(*buffer)));
}

#endif
