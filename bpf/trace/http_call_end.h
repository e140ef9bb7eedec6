/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which socket a system call that has ended was about, and what it did with it. */
#ifndef SHUNT_HTTP_CALL_END_H
#define SHUNT_HTTP_CALL_END_H

#include "http_calls.h"
#include "sockmap/task_sockets.h"

struct ended {
	const struct sock *sk;
	__u32 way; /* enum trace_way */
	__u32 flags; /* MSG_* */
};

/* 0: @ended says the way and flags of a call that carries bytes. */
static __always_inline int find_way(const struct call *call, struct ended *ended)
{
	switch (call->number) {
	case __NR_recvfrom:
		ended->flags = call->arg[3];
		return 0;
	case __NR_recvmsg:
		ended->flags = call->arg[2];
		return 0;
	case __NR_read:
	case __NR_readv:
		return 0;
	case __NR_write:
	case __NR_writev:
	case __NR_sendto:
	case __NR_sendmsg:
	case __NR_sendfile:
		ended->way = TRACE_SENT;
		return 0;
	default:
		return -1;
	}
}

/* 0: the call was about @ended. */
static __always_inline int find_socket(const struct call *call, long result, struct ended *ended)
{
	if (result < 0 || find_way(call, ended))
		return -1;
	ended->sk = current_tcp_socket(call->arg[0]);
	return ended->sk ? 0 : -1;
}

#endif
