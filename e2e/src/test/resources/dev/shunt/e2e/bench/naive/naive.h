/* SPDX-License-Identifier: Apache-2.0 */
/* What both programs of the naive accelerator share. */
#ifndef NAIVE_H
#define NAIVE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct ends {
	__u32 remote_address;
	__u32 local_address;
	__u32 remote_port;
	__u32 local_port;
};

/* Every established IPv4 socket by its own addresses; ports in host order. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 65535);
	__type(key, struct ends);
	__type(value, __u32);
} sockets SEC(".maps");

char _license[] SEC("license") = "GPL";

#endif
