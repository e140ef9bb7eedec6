// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Adoption: a paired socket becomes a member of the SOCKHASH when data arrives that proves the
 * connection worth it. tc ingress, because inserting is allowed here for an established socket and no
 * socket lock is held (tc egress may run under the socket's spin lock: deadlock). Only packets that
 * carry the invitation are looked at. Fails open: the packet always goes on unchanged.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "invitation.h"
#include "own_tuple.h"
#include "pair_state.h"

#include "license.h"

#define TC_NEXT (-1) /* TC_ACT_UNSPEC: tcx goes on with the next program */
#define NETWORK_BYTES_MAX (sizeof(struct ethhdr) + 60)
#define OPTION_OFFSET_MAX (NETWORK_BYTES_MAX + 60)
#define TCP_WORDS_MIN ((sizeof(struct tcphdr) + sizeof(struct invitation)) / 4)

/* A TCP segment with data and an invitation. */
struct segment {
	__u32 tuple_size; /* tells the address family */
	__u32 tcp_offset;
	__u32 receiver; /* enum side */
	__u64 nonce;
};

static __always_inline int parse_network(struct __sk_buff *skb, struct segment *segment)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct bpf_sock_tuple *tuple;
	struct ethhdr *eth = data;
	struct ipv6hdr *ip6;
	struct iphdr *ip;

	if ((void *)(eth + 1) > end)
		return 0;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		ip = (void *)(eth + 1);
		if ((void *)(ip + 1) > end || ip->protocol != IPPROTO_TCP || ip->ihl < 5)
			return 0;
		segment->tuple_size = sizeof(tuple->ipv4);
		segment->tcp_offset = sizeof(*eth) + ip->ihl * 4;
		return 1;
	}
	ip6 = (void *)(eth + 1);
	if (eth->h_proto != bpf_htons(ETH_P_IPV6) || (void *)(ip6 + 1) > end ||
	    ip6->nexthdr != IPPROTO_TCP)
		return 0;
	segment->tuple_size = sizeof(tuple->ipv6);
	segment->tcp_offset = sizeof(*eth) + sizeof(*ip6);
	return 1;
}

/*
 * Whether the last option may be an invitation, asked of every data segment: a helper call would be half
 * of what this program costs. Headers that cannot be read in place may hold one.
 */
static __always_inline int may_be_invitation(struct __sk_buff *skb, __u32 offset)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	const struct invitation *invitation;

	if (offset > OPTION_OFFSET_MAX)
		return 0;
	invitation = data + offset;
	return (void *)(invitation + 1) > end || invitation->kind == INVITATION_KIND;
}

/* The invitation is the last option: the kernel writes its own first. */
static __always_inline int parse_invitation(struct __sk_buff *skb, struct segment *segment,
					    __u32 tcp_length)
{
	struct invitation invitation;
	__u32 offset = segment->tcp_offset + tcp_length - sizeof(invitation);

	if (!may_be_invitation(skb, offset))
		return 0;
	if (bpf_skb_load_bytes(skb, offset, &invitation, sizeof(invitation)))
		return 0;
	if (invitation.kind != INVITATION_KIND || invitation.length != sizeof(invitation))
		return 0;
	if (invitation.exid == bpf_htons(INVITATION_EXID_ACTIVE))
		segment->receiver = SIDE_PASSIVE;
	else if (invitation.exid == bpf_htons(INVITATION_EXID_PASSIVE))
		segment->receiver = SIDE_ACTIVE;
	else
		return 0;
	__builtin_memcpy(&segment->nonce, invitation.nonce, sizeof(segment->nonce));
	return 1;
}

static __always_inline int parse_segment(struct __sk_buff *skb, struct segment *segment)
{
	void *data, *end;
	struct tcphdr *tcp;
	__u32 tcp_length;

	if (!parse_network(skb, segment))
		return 0;
	data = (void *)(long)skb->data;
	end = (void *)(long)skb->data_end;
	if (segment->tcp_offset > NETWORK_BYTES_MAX)
		return 0;
	tcp = data + segment->tcp_offset;
	if ((void *)(tcp + 1) > end || tcp->doff < TCP_WORDS_MIN || tcp->syn || tcp->fin ||
	    tcp->rst)
		return 0;
	tcp_length = tcp->doff * 4;
	if (skb->len <= segment->tcp_offset + tcp_length)
		return 0; /* no data */
	return parse_invitation(skb, segment, tcp_length);
}

/*
 * Not by the packet's addresses: tc ingress runs before netfilter's PREROUTING, so what a REDIRECT caught
 * still carries the address that the client dialled.
 */
static __always_inline void insert(struct __sk_buff *skb, struct segment *segment,
				   struct pair_end *mine, struct node_config *settings)
{
	struct bpf_sock_tuple tuple = {};
	struct connection *connection;
	struct tcp_sock *tp;
	struct bpf_sock *sk;

	own_tuple(&tuple, segment->tuple_size, (const void *)mine->sk);
	sk = bpf_skc_lookup_tcp(skb, &tuple, segment->tuple_size, BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return;
	tp = bpf_skc_to_tcp_sock(sk);
	if (tp && (__u64)tp == mine->sk && sk->state == TCP_ESTABLISHED_STATE) {
		connection = bpf_sk_storage_get(&connections, sk, 0, 0);
		if (connection && connection->nonce == segment->nonce)
			ADOPT(sk, connection, mine, settings);
	}
	bpf_sk_release(sk);
}

SEC("tc")
int adopt(struct __sk_buff *skb)
{
	struct segment segment = {};
	struct node_config *settings;
	struct pair_end *mine;
	struct pair *pair;

	if (!parse_segment(skb, &segment))
		return TC_NEXT;
	settings = node_settings();
	pair = find_pair(segment.nonce);
	if (!settings || !pair || pair->consumed != NONCE_CONSUMED || pair->leaving_ns)
		return TC_NEXT;
	mine = end_of(pair, segment.receiver);
	if (mine->step >= STEP_ADOPTED)
		return TC_NEXT;
	mine->reason = adoption_refusal(settings, mine, end_of(pair, !segment.receiver))
			       ?: pair_refusal(pair);
	if (mine->reason)
		return TC_NEXT;
	mine->reason = REASON_TOO_YOUNG; /* unless the insert says better */
	insert(skb, &segment, mine, settings);
	return TC_NEXT;
}
