/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Reads of kernel sockets that the running program does not own. A socket is named by its kernel
 * address and its cookie; its memory may be reused at any time (SLAB_TYPESAFE_BY_RCU), so a caller
 * reads what it needs first and asks socket_is() last: the cookie of a reused socket differs.
 */
#ifndef SHUNT_SOCK_READS_H
#define SHUNT_SOCK_READS_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>

#define AF_INET6 10
#define O_NONBLOCK 00004000
#define LOOPBACK_IFINDEX 1
/* include/net/tcp_states.h */
#define TCP_ESTABLISHED_STATE 1
#define TCP_CLOSE_STATE 7
#define TCP_CLOSE_WAIT_STATE 8
#define TCP_LISTEN_STATE 10
#define PSOCK_POINTER_MASK (~7UL) /* include/linux/skmsg.h and net/sock.h: SK_USER_DATA_PTRMASK */

/* Since 6.2: types an address for the verifier, which lets loads through it fault safely. */
extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym __attribute__((weak));

/*
 * READ(sk, sk_socket, file) is sk->sk_socket->file, or 0 where that cannot be read. A plain load costs
 * about 1 ns; the helper call that older kernels need costs 20.
 */
#define READ(pointer, ...)                                                                        \
	(bpf_rdonly_cast ? ___arrow(((typeof(pointer))bpf_rdonly_cast(                            \
					    pointer, bpf_core_type_id_kernel(typeof(*pointer)))), \
				    __VA_ARGS__)                                                  \
			 : BPF_CORE_READ(pointer, __VA_ARGS__))

static __always_inline __u64 socket_cookie(const struct sock *sk)
{
	return READ(sk, __sk_common.skc_cookie.counter);
}

static __always_inline int socket_is(const struct sock *sk, __u64 cookie)
{
	return socket_cookie(sk) == cookie;
}

static __always_inline int socket_is_nonblocking(const struct sock *sk)
{
	/* No file: not accepted yet, or orphaned. Not suitable either. */
	return (READ(sk, sk_socket, file, f_flags) & O_NONBLOCK) != 0;
}

static __always_inline int socket_has_file(const struct sock *sk)
{
	return READ(sk, sk_socket, file) != 0;
}

static __always_inline int socket_has_flag(unsigned long flags, unsigned long bit)
{
	return (flags >> bit) & 1;
}

static __always_inline __u32 socket_tsflags(const struct sock *sk)
{
	const struct sock___tsflags *with_tsflags = (const void *)sk;
	__u32 tsflags = 0;

	bpf_core_read(&tsflags, bpf_core_field_size(with_tsflags->sk_tsflags) & 7,
		      &with_tsflags->sk_tsflags);
	return tsflags;
}

/* An option is set that redirected data would not honour. */
static __always_inline int socket_has_excluding_option(const struct sock *sk)
{
	const struct tcp_sock *tp = (const void *)sk;
	unsigned long flags = READ(sk, __sk_common.skc_flags);

	if (socket_has_flag(flags, bpf_core_enum_value(enum sock_flags___options, SOCK_ZEROCOPY)) ||
	    socket_has_flag(flags,
			    bpf_core_enum_value(enum sock_flags___options, SOCK_URGINLINE)) ||
	    socket_has_flag(flags, bpf_core_enum_value(enum sock_flags___options, SOCK_RCVTSTAMP)))
		return 1;
	if (socket_tsflags(sk) || READ(sk, sk_filter))
		return 1;
	/* SO_PEEK_OFF: off is -1; TCP honours it from 6.9 on. */
	if (READ(sk, sk_peek_off) >= 0)
		return 1;
	if (READ(sk, sk_max_pacing_rate) != ~0UL)
		return 1;
	return BPF_CORE_READ_BITFIELD_PROBED(tp, recvmsg_inq) ||
	       BPF_CORE_READ_BITFIELD_PROBED(tp, repair);
}

/*
 * What the socket receives comes over lo (include/net/net_namespace.h: the first device of each network
 * namespace). The kernel notes the device before the callback of an established connection.
 */
static __always_inline int socket_hears_loopback(const struct sock *sk)
{
	const struct inet_sock___rx *older = (const void *)sk;
	int ifindex = 0;

	if (bpf_core_field_exists(sk->sk_rx_dst_ifindex))
		ifindex = READ(sk, sk_rx_dst_ifindex);
	else if (bpf_core_field_exists(older->rx_dst_ifindex))
		bpf_core_read(&ifindex, sizeof(ifindex), &older->rx_dst_ifindex);
	return ifindex == LOOPBACK_IFINDEX;
}

static __always_inline int socket_has_ulp(const struct sock *sk)
{
	const struct tcp_sock *tp = (const void *)sk;

	return READ(tp, inet_conn.icsk_ulp_ops) != 0;
}

static __always_inline struct sk_psock *socket_psock(const struct sock *sk)
{
	return (struct sk_psock *)((unsigned long)READ(sk, sk_user_data) & PSOCK_POINTER_MASK);
}

/* 1: redirected data waits to be read. A socket without a psock has none. */
static __always_inline int socket_has_queued_messages(const struct sock *sk)
{
	const struct sk_psock *psock = socket_psock(sk);
	const struct list_head *head;

	if (!psock)
		return 0;
	head = __builtin_preserve_access_index(&psock->ingress_msg);
	return READ(head, next) != head;
}

static __always_inline void address_from_ipv4(struct address *address, __be32 ipv4)
{
	address->word_be[0] = 0;
	address->word_be[1] = 0;
	address->word_be[2] = bpf_htonl(0xffff);
	address->word_be[3] = ipv4;
}

static __always_inline int address_is_mapped(const struct address *address)
{
	return !address->word_be[0] && !address->word_be[1] &&
	       address->word_be[2] == bpf_htonl(0xffff);
}

static __always_inline void socket_addresses(const struct sock *sk, struct address *local,
					     struct address *remote)
{
	if (READ(sk, __sk_common.skc_family) == AF_INET6) {
		bpf_core_read(local, sizeof(*local), &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(remote, sizeof(*remote), &sk->__sk_common.skc_v6_daddr);
		return;
	}
	address_from_ipv4(local, READ(sk, __sk_common.skc_rcv_saddr));
	address_from_ipv4(remote, READ(sk, __sk_common.skc_daddr));
}

static __always_inline __u16 socket_local_port(const struct sock *sk)
{
	return READ(sk, __sk_common.skc_num);
}

static __always_inline __u16 socket_remote_port(const struct sock *sk)
{
	return bpf_ntohs(READ(sk, __sk_common.skc_dport));
}

static __always_inline __u64 socket_netns_cookie(const struct sock *sk)
{
	return READ(sk, __sk_common.skc_net.net, net_cookie);
}

#endif
