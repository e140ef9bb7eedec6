// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Packet filter at traffic control, both ways: of node interfaces, and of pods at the node's end of their
 * veth. Says TC_ACT_UNSPEC for what it lets pass, so that other programs on the hook have their say. Fails
 * open: an interface without a rule set, and what is not IP, passes.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include "filter_judge.h"

#include "license.h"

/* How the frames of an interface begin. */
enum link_header {
	LINK_ETHERNET,
	LINK_NONE, /* tun, WireGuard: with the IP header */
};

static __always_inline int parse_frame(struct __sk_buff *skb, struct filter_packet *packet,
				       enum link_header link)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct cursor cursor = {.data = data, .end = end, .limit = packet->bytes};

	if (link == LINK_NONE)
		return parse_ip(&cursor, skb->protocol, packet);
	return parse_ethernet(&cursor, packet);
}

/* Headers need not lie in the part of a packet that programs may read: asked for when they are missing. */
static __always_inline int parse_packet(struct __sk_buff *skb, struct filter_packet *packet,
					enum link_header link)
{
	struct filter_packet blank = *packet;
	int found = parse_frame(skb, packet, link);
	__u32 linear = skb->data_end - skb->data, wanted = HEADER_BYTES_MAX + 64;

	if (linear >= skb->len || linear >= wanted || (found && !packet->odd))
		return found;
	if (bpf_skb_pull_data(skb, skb->len < wanted ? skb->len : wanted))
		return found;
	*packet = blank;
	return parse_frame(skb, packet, link);
}

static __always_inline int filter(struct __sk_buff *skb, enum filter_hook hook,
				  enum link_header link)
{
	struct filter_packet packet = {.point = {skb->ifindex, hook}};

	packet.bytes = skb->len;
	if (!parse_packet(skb, &packet, link))
		return TC_ACT_UNSPEC;
	return judge(&packet) ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

SEC("tc")
int filter_ingress(struct __sk_buff *skb)
{
	return filter(skb, FILTER_TC_INGRESS, LINK_ETHERNET);
}

SEC("tc")
int filter_egress(struct __sk_buff *skb)
{
	return filter(skb, FILTER_TC_EGRESS, LINK_ETHERNET);
}

SEC("tc")
int filter_ingress_bare(struct __sk_buff *skb)
{
	return filter(skb, FILTER_TC_INGRESS, LINK_NONE);
}

SEC("tc")
int filter_egress_bare(struct __sk_buff *skb)
{
	return filter(skb, FILTER_TC_EGRESS, LINK_NONE);
}
