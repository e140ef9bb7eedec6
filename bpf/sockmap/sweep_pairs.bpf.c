// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* The sweep where the kernel takes no iterator over maps (see sweep.bpf.c): pair by pair, on a packet. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "own_tuple.h"
#include "sweep.h"

#include "license.h"

#define SWEEP_PAIRS 128

/* A packet of the controller's begins with this; the nonces of pairs follow. */
struct sweep_head {
	__u8 ethernet[ETH_HLEN];
	__u16 count; /* of nonces, up to SWEEP_PAIRS */
	__u64 netns_cookie; /* whose ends to sweep; 0: all, which can only leave */
};

/* The socket of an end in this network namespace, to be released. Apart, as the stack is short. */
static __noinline struct bpf_sock *look_up(struct __sk_buff *skb, const struct pair_end *end)
{
	const struct sock *sk = (const void *)end->sk;
	struct bpf_sock_tuple tuple = {};
	__u32 size = own_tuple_size(sk);

	own_tuple(&tuple, size, sk);
	return bpf_skc_lookup_tcp(skb, &tuple, size, BPF_F_CURRENT_NETNS, 0);
}

/* These are global: the verifier looks at each once, not for each pair. */
__noinline int is_found(struct __sk_buff *skb, __u64 nonce, __u32 side)
{
	struct pair *pair = find_pair(nonce);
	struct bpf_sock *sk = pair ? look_up(skb, end_of(pair, side)) : 0;
	int found;

	if (!sk || !pair)
		return 0;
	found = (__u64)bpf_skc_to_tcp_sock(sk) == end_of(pair, side)->sk;
	bpf_sk_release(sk);
	return found;
}

__noinline int sweep_end(struct __sk_buff *skb, __u64 nonce, __u32 side)
{
	struct node_config *settings = node_settings();
	struct pair *pair = find_pair(nonce);
	struct connection *connection;
	struct bpf_sock *sk;

	if (!settings || !pair)
		return 0;
	sk = look_up(skb, end_of(pair, side));
	if (!sk)
		return 0;
	if ((__u64)bpf_skc_to_tcp_sock(sk) == end_of(pair, side)->sk) {
		connection = bpf_sk_storage_get(&connections, sk, 0, 0);
		if (connection && connection->nonce == nonce && connection->side == side)
			sweep_pair(sk, connection, pair, settings);
	}
	bpf_sk_release(sk);
	return 0;
}

__noinline int refresh_far_end(__u64 nonce, __u32 side)
{
	struct node_config *settings = node_settings();
	struct pair *pair = find_pair(nonce);
	struct pair_end *mine;
	__u32 endpoint;

	if (!settings || !pair)
		return 0;
	mine = end_of(pair, side);
	endpoint =
		endpoint_of(settings, (const void *)mine->sk, mine->netns_cookie, &mine->workload);
	if (socket_is((const void *)mine->sk, mine->cookie))
		mine->endpoint = endpoint;
	return 0;
}

/* An end whose socket is not found here can still leave. */
__noinline int sweep_far_end(__u64 nonce, __u32 side)
{
	struct node_config *settings = node_settings();
	struct pair *pair = find_pair(nonce);

	if (settings && pair && is_member(end_of(pair, side)))
		sweep_member(pair, nonce, side, 0, settings);
	return 0;
}

static __always_inline void sweep_side(struct __sk_buff *skb, __u64 netns_cookie, __u64 nonce,
				       __u32 side)
{
	const struct node_config *settings = node_settings();
	struct pair *pair = find_pair(nonce);

	if (!pair || !settings)
		return;
	if (netns_cookie && end_of(pair, side)->netns_cookie != netns_cookie)
		return;
	if (netns_cookie && is_found(skb, nonce, side)) {
		sweep_end(skb, nonce, side);
		return;
	}
	if (settings->policy_changed)
		refresh_far_end(nonce, side);
	sweep_far_end(nonce, side);
}

/*
 * Never attached: run on a packet, in the network namespace whose sockets it is about, or elsewhere when
 * that is out of reach. Not found are sockets that are bound to a device, which can still leave, and those
 * that connected again.
 */
SEC("?tc")
int sweep_pairs(struct __sk_buff *skb)
{
	struct sweep_head head;
	int i;

	if (bpf_skb_load_bytes(skb, 0, &head, sizeof(head)))
		return 0;
	for (i = 0; i < SWEEP_PAIRS && i < head.count; i++) {
		__u64 nonce;

		if (bpf_skb_load_bytes(skb, sizeof(head) + i * sizeof(nonce), &nonce,
				       sizeof(nonce)))
			return 0;
		sweep_side(skb, head.netns_cookie, nonce, SIDE_ACTIVE);
		sweep_side(skb, head.netns_cookie, nonce, SIDE_PASSIVE);
	}
	return 0;
}
