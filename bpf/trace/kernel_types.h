/* SPDX-License-Identifier: GPL-2.0 */
/* What only telemetry reads of kernel types, as in vmlinux.h; the part of a name from ___ on is ours. */
#ifndef SHUNT_TRACE_KERNEL_TYPES_H
#define SHUNT_TRACE_KERNEL_TYPES_H

#include "vmlinux.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct inet_sock {
	__be16 inet_sport; /* stays when the port is given back */
};

struct sock___error {
	int sk_err;
};

struct sock___shutdown {
	__u8 sk_shutdown;
};

struct tcp_sock___trace {
	__u32 segs_in;
	__u32 snd_una;
	__u32 snd_nxt;
	__u32 srtt_us; /* in eighths */
	struct tcp_fastopen_request *fastopen_req;
	__u8 fastopen_connect : 1;
	__u8 syn_data : 1;
	__u8 syn_fastopen : 1;
	__u8 syn_data_acked : 1;
};

struct nsproxy {
	struct net *net_ns;
};

struct task_struct___trace {
	struct nsproxy *nsproxy;
	struct task_struct___trace *group_leader;
	char comm[16];
};

struct trace_event_raw_sys_exit {
	long ret;
};

#pragma clang attribute pop

#endif
