/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The addresses that a socket itself knows, for bpf_skc_lookup_tcp() as of a packet that it receives. */
#ifndef SHUNT_OWN_TUPLE_H
#define SHUNT_OWN_TUPLE_H

#include "sock_reads.h"

static __always_inline void own_tuple(struct bpf_sock_tuple *tuple, __u32 tuple_size,
				      const struct sock *sk)
{
	__be16 local_port = bpf_htons(socket_local_port(sk));
	__be16 remote_port = READ(sk, __sk_common.skc_dport);

	if (tuple_size == sizeof(tuple->ipv4)) {
		tuple->ipv4.saddr = READ(sk, __sk_common.skc_daddr);
		tuple->ipv4.daddr = READ(sk, __sk_common.skc_rcv_saddr);
		tuple->ipv4.sport = remote_port;
		tuple->ipv4.dport = local_port;
		return;
	}
	bpf_core_read(tuple->ipv6.saddr, sizeof(tuple->ipv6.saddr), &sk->__sk_common.skc_v6_daddr);
	bpf_core_read(tuple->ipv6.daddr, sizeof(tuple->ipv6.daddr),
		      &sk->__sk_common.skc_v6_rcv_saddr);
	tuple->ipv6.sport = remote_port;
	tuple->ipv6.dport = local_port;
}

/* An IPv6 socket with IPv4 addresses is found as an IPv4 one (net/ipv4/inet_hashtables.c). */
static __always_inline __u32 own_tuple_size(const struct sock *sk)
{
	struct bpf_sock_tuple *tuple;
	struct address remote;

	if (READ(sk, __sk_common.skc_family) != AF_INET6)
		return sizeof(tuple->ipv4);
	bpf_core_read(&remote, sizeof(remote), &sk->__sk_common.skc_v6_daddr);
	return address_is_mapped(&remote) ? sizeof(tuple->ipv4) : sizeof(tuple->ipv6);
}

#endif
