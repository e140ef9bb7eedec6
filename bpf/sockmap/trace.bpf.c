// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Traits: splice() from a TCP socket never sees redirected data, on some kernels FIONREAD answers
 * wrongly for members, and io_uring's zero-copy send fails on them. None can be known before the first
 * use, so the first use marks the workload (cgroup + executable): its live pairs go to TCP, later ones
 * are kept off. Syscall tracepoints of just these calls: 40 ns on every other syscall, where a raw
 * sys_enter program costs 95 ns.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "pair_state.h"
#include "task_sockets.h"

#include "license.h"

#define FIONREAD 0x541B

static __always_inline void learn_of_current(const struct sock *sk, __u32 kind)
{
	struct workload workload;

	workload_from_current(&workload);
	learn(sk, &workload, kind);
}

/*
 * Redirected data was queued before the first splice() told us of it, and splice() will never see it.
 * A reader that falls back to recv() gets it; for one that does not, `reset_stuck` ends the wait.
 */
static __always_inline void note_stuck(const struct sock *sk)
{
	struct node_config *settings = node_settings();
	__u64 cookie = socket_cookie(sk), now = bpf_ktime_get_ns();

	if (!settings || !socket_has_queued_messages(sk))
		return;
	bpf_map_update_elem(&stuck, &cookie, &now, BPF_NOEXIST);
	settings->sweep_wanted = 1;
}

/*
 * A member with unread TCP bytes may be told 0 (6.18 among others). A reader on edge-triggered epoll
 * then waits for an event that has passed: nginx does, for a body larger than its buffer. `unstick`
 * sends it another one.
 */
static __always_inline void note_misinformed(const struct sock *sk)
{
	const struct tcp_sock *tp = (const void *)sk;
	struct node_config *settings = node_settings();
	__u64 cookie = socket_cookie(sk), now = bpf_ktime_get_ns();

	if (!settings || !socket_psock(sk) || READ(tp, rcv_nxt) == READ(tp, copied_seq))
		return;
	bpf_map_update_elem(&stuck, &cookie, &now, BPF_NOEXIST);
	settings->sweep_wanted = 1;
}

SEC("tp/syscalls/sys_enter_splice")
int trace_splice(struct trace_event_raw_sys_enter *call)
{
	const struct sock *sk = current_tcp_socket(call->args[0]);

	if (!sk)
		return 0;
	learn_of_current(sk, TRAIT_KIND_SPLICE);
	note_stuck(sk);
	return 0;
}

SEC("tp/syscalls/sys_enter_ioctl")
int trace_ioctl(struct trace_event_raw_sys_enter *call)
{
	const struct sock *sk;

	if (call->args[1] != FIONREAD)
		return 0;
	sk = current_tcp_socket(call->args[0]);
	if (!sk)
		return 0;
	learn_of_current(sk, TRAIT_KIND_FIONREAD);
	note_misinformed(sk);
	return 0;
}

/* include/uapi/linux/io_uring.h */
#define IORING_OP_SEND_ZC 47
#define IORING_OP_SENDMSG_ZC 48
#define REQ_F_FIXED_FILE 1

/*
 * A member answers EOPNOTSUPP to a zero-copy send of io_uring. One on a registered file is not seen: the
 * kernel looks that file up later.
 */
SEC("raw_tp/io_uring_submit_req")
int trace_uring(struct bpf_raw_tracepoint_args *arguments)
{
	const struct io_kiocb *request = (const void *)arguments->args[0];
	__u8 opcode = READ(request, opcode);
	const struct sock *sk;

	if (opcode != IORING_OP_SEND_ZC && opcode != IORING_OP_SENDMSG_ZC)
		return 0;
	if (READ(request, flags) & REQ_F_FIXED_FILE)
		return 0;
	sk = current_tcp_socket(READ(request, cqe.fd));
	if (sk)
		learn_of_current(sk, TRAIT_KIND_ZEROCOPY);
	return 0;
}
