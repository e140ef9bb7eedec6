// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* Another accelerator: takes every socket of its cgroup into a SOCKHASH of its own. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} foreign_socks SEC(".maps");

SEC("sockops")
int take_sockets(struct bpf_sock_ops *ops)
{
	__u64 cookie;

	if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB &&
	    ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	cookie = bpf_get_socket_cookie(ops);
	bpf_sock_hash_update(ops, &foreign_socks, &cookie, BPF_NOEXIST);
	return 1;
}

/* A socket takes the verdict program of one map only. */
SEC("sk_msg")
int pass_messages(struct sk_msg_md *message)
{
	return SK_PASS;
}

SEC("tc")
int watch_packets(struct __sk_buff *packet)
{
	return -1; /* TC_ACT_UNSPEC: the next one decides */
}

SEC("xdp")
int see_frames(struct xdp_md *frame)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
