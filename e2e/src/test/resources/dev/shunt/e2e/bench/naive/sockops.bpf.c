/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What most accelerators do: insert every socket that is established. It stands for a third party's in the
 * test of --compare, and has all the faults that Shunt avoids.
 */
#include "naive.h"

SEC("sockops")
int insert(struct bpf_sock_ops *ops)
{
	struct ends ends = {};

	if (ops->family != 2 /* AF_INET */)
		return 0;
	if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB &&
	    ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 0;
	ends.remote_address = ops->remote_ip4;
	ends.local_address = ops->local_ip4;
	ends.remote_port = bpf_ntohl(ops->remote_port);
	ends.local_port = ops->local_port;
	bpf_sock_hash_update(ops, &sockets, &ends, BPF_NOEXIST);
	return 0;
}
