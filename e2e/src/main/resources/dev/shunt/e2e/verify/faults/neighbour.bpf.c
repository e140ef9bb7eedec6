/* SPDX-License-Identifier: Apache-2.0 */
/* Other people's programs on the hooks that Shunt uses: each sees everything and changes nothing. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sockops")
int neighbour_sockops(struct bpf_sock_ops *ops)
{
	return 1;
}

SEC("cgroup/connect4")
int neighbour_connect4(struct bpf_sock_addr *call)
{
	return 1;
}

SEC("cgroup/setsockopt")
int neighbour_setsockopt(struct bpf_sockopt *options)
{
	return 1;
}

char _license[] SEC("license") = "GPL";
