/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Reads the headers that rules look at: Ethernet, two VLAN tags, IPv4 with options, IPv6 with extension
 * headers, fragments, TCP, UDP, SCTP, ICMP. What cannot be read gets an odd reason. Never reads past the
 * packet, nor past what the IP header says its end is.
 */
#ifndef SHUNT_PARSING_H
#define SHUNT_PARSING_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "filter_layout.h"

#define VLAN_TAGS_MAX 2
#define EXTENSION_HEADERS_MAX 8
#define HEADER_BYTES_MAX 512 /* the transport header begins before this */
#define SCTP_HEADER_BYTES 12
#define ICMP_HEADER_BYTES 8
#define FRAGMENT_OFFSET 0x1fff
#define FRAGMENT_MORE 0x2000
#define V6_FRAGMENT_OFFSET 0xfff8
#define V6_FRAGMENT_MORE 1
#define V4_MAPPED_PREFIX bpf_htonl(0xffff)

struct vlan_tag {
	__be16 tci;
	__be16 protocol;
};

struct extension_header {
	__u8 next;
	__u8 length;
	__be16 offset; /* of a fragment header */
	__be32 identification;
};

/* What rules see of a packet; the place where it was seen. */
struct filter_packet {
	__u64 source_be[2]; /* IPv4 as v4-mapped */
	__u64 destination_be[2];
	struct filter_point point;
	__u32 bytes; /* of the frame */
	__u16 source_port;
	__u16 destination_port;
	__u8 protocol;
	__u8 fragment; /* enum filter_fragment */
	__u8 family; /* enum filter_family */
	__u8 flags; /* enum filter_packet_flag */
	__u32 odd; /* enum filter_reason; 0: it could be read */
};

/* Where the parser is. */
struct cursor {
	void *data;
	void *end;
	__u32 offset;
	__u32 limit; /* the IP header says that the packet ends here */
};

/* The bytes at the cursor; NULL when there are not so many. */
static __always_inline void *peek(struct cursor *cursor, __u32 bytes)
{
	void *at;

	if (cursor->offset > HEADER_BYTES_MAX || cursor->offset + bytes > cursor->limit)
		return NULL;
	at = cursor->data + cursor->offset;
	return at + bytes > cursor->end ? NULL : at;
}

static __always_inline void set_ports(struct filter_packet *packet, const __be16 *ports)
{
	packet->source_port = bpf_ntohs(ports[0]);
	packet->destination_port = bpf_ntohs(ports[1]);
	packet->flags |= FILTER_HAS_PORTS;
}

static __always_inline __u32 parse_tcp(struct cursor *cursor, struct filter_packet *packet)
{
	struct tcphdr *tcp = peek(cursor, sizeof(*tcp));

	if (!tcp)
		return FILTER_TRUNCATED;
	if (tcp->doff * 4 < (int)sizeof(*tcp))
		return FILTER_BAD_HEADER;
	set_ports(packet, &tcp->source);
	if (tcp->syn && !tcp->ack)
		packet->flags |= FILTER_OPENS;
	return 0;
}

static __always_inline __u32 parse_icmp(struct cursor *cursor, struct filter_packet *packet)
{
	__u8 *icmp = peek(cursor, ICMP_HEADER_BYTES);

	if (!icmp)
		return FILTER_TRUNCATED;
	packet->destination_port = icmp[0] << 8 | icmp[1];
	packet->flags |= FILTER_HAS_ICMP;
	return 0;
}

static __always_inline __u32 parse_datagram(struct cursor *cursor, struct filter_packet *packet,
					    __u32 bytes)
{
	__be16 *ports = peek(cursor, bytes);

	if (!ports)
		return FILTER_TRUNCATED;
	set_ports(packet, ports);
	return 0;
}

static __always_inline __u32 parse_transport(struct cursor *cursor, struct filter_packet *packet)
{
	__u32 odd = 0;

	if (packet->fragment == FILTER_LATER)
		return 0;
	if (cursor->offset > HEADER_BYTES_MAX)
		return FILTER_EXTENSION_HEADERS;
	if (packet->protocol == IPPROTO_TCP)
		odd = parse_tcp(cursor, packet);
	else if (packet->protocol == IPPROTO_UDP)
		odd = parse_datagram(cursor, packet, sizeof(struct udphdr));
	else if (packet->protocol == IPPROTO_SCTP)
		odd = parse_datagram(cursor, packet, SCTP_HEADER_BYTES);
	else if (packet->protocol == IPPROTO_ICMP || packet->protocol == IPPROTO_ICMPV6)
		odd = parse_icmp(cursor, packet);
	return odd == FILTER_TRUNCATED && packet->fragment == FILTER_FIRST ? FILTER_TINY_FRAGMENT
									   : odd;
}

/* A total length of 0 is that of a segment larger than 64 KiB (BIG TCP): its end is the frame's. */
static __always_inline __u32 parse_ipv4(struct cursor *cursor, struct filter_packet *packet)
{
	struct iphdr *ip = peek(cursor, sizeof(*ip));
	__u32 header, total, fragment;

	if (!ip)
		return FILTER_TRUNCATED;
	header = ip->ihl * 4;
	total = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || header < sizeof(*ip) || (total && total < header))
		return FILTER_BAD_HEADER;
	packet->source_be[1] = (__u64)ip->saddr << 32 | V4_MAPPED_PREFIX;
	packet->destination_be[1] = (__u64)ip->daddr << 32 | V4_MAPPED_PREFIX;
	packet->protocol = ip->protocol;
	fragment = bpf_ntohs(ip->frag_off);
	if (fragment & FRAGMENT_OFFSET)
		packet->fragment = FILTER_LATER;
	else if (fragment & FRAGMENT_MORE)
		packet->fragment = FILTER_FIRST;
	if (total)
		cursor->limit = cursor->offset + total;
	if (!peek(cursor, header))
		return FILTER_TRUNCATED;
	cursor->offset += header;
	return parse_transport(cursor, packet);
}

#define EXTENSION_BITS                                                                  \
	(1ULL << IPPROTO_HOPOPTS | 1ULL << IPPROTO_ROUTING | 1ULL << IPPROTO_FRAGMENT | \
	 1ULL << IPPROTO_AH | 1ULL << IPPROTO_DSTOPTS)

static __always_inline int is_extension(__u8 protocol)
{
	return protocol < 64 && (EXTENSION_BITS >> protocol & 1);
}

/* 1 if equal, else 0; without a branch, see parse_extension(). */
static __always_inline __u32 equal(__u32 a, __u32 b)
{
	return ((__u64)(a ^ b) - 1) >> 63;
}

/*
 * Goes past one extension header. Without branches: the verifier follows each of them on its own, eight
 * headers deep.
 */
static __always_inline __u32 parse_extension(struct cursor *cursor, struct filter_packet *packet)
{
	struct extension_header *header;
	__u32 ah, fragment, field, later, kind;

	if (cursor->offset > HEADER_BYTES_MAX)
		return FILTER_EXTENSION_HEADERS;
	header = peek(cursor, sizeof(*header));
	if (!header)
		return FILTER_TRUNCATED;
	ah = equal(packet->protocol, IPPROTO_AH);
	fragment = equal(packet->protocol, IPPROTO_FRAGMENT);
	field = bpf_ntohs(header->offset);
	later = 1 - equal(field & V6_FRAGMENT_OFFSET, 0);
	kind = later * FILTER_LATER + (1 - later) * (field & V6_FRAGMENT_MORE);
	packet->fragment += fragment * (kind - packet->fragment);
	packet->protocol = header->next;
	/* AH counts words after the first two; a fragment header has no length */
	cursor->offset += (ah * 4 + (1 - ah) * 8) * (header->length * (1 - fragment) + 1 + ah);
	return 0;
}

/* What follows the fragment header of a later fragment is data: its protocol is known, no more. */
static __always_inline __u32 parse_ipv6(struct cursor *cursor, struct filter_packet *packet)
{
	struct ipv6hdr *ip = peek(cursor, sizeof(*ip));
	__u32 payload, odd = 0;
	int i;

	if (!ip)
		return FILTER_TRUNCATED;
	if (ip->version != 6)
		return FILTER_BAD_HEADER;
	__builtin_memcpy(packet->source_be, &ip->saddr, sizeof(packet->source_be));
	__builtin_memcpy(packet->destination_be, &ip->daddr, sizeof(packet->destination_be));
	packet->family = FILTER_V6;
	packet->protocol = ip->nexthdr;
	payload = bpf_ntohs(ip->payload_len);
	cursor->offset += sizeof(*ip);
	if (payload)
		cursor->limit = cursor->offset + payload;
#pragma clang loop unroll(disable)
	for (i = 0; i <= EXTENSION_HEADERS_MAX; i++) {
		if (!is_extension(packet->protocol) || packet->fragment == FILTER_LATER)
			return parse_transport(cursor, packet);
		if (i == EXTENSION_HEADERS_MAX)
			return FILTER_EXTENSION_HEADERS;
		odd = parse_extension(cursor, packet);
		if (odd)
			break;
	}
	return odd == FILTER_TRUNCATED && packet->fragment == FILTER_FIRST ? FILTER_TINY_FRAGMENT
									   : odd;
}

/* Returns whether it is an IP packet; packet->odd says whether it could be read. */
static __always_inline int parse_ip(struct cursor *cursor, __be16 protocol,
				    struct filter_packet *packet)
{
	if (protocol == bpf_htons(ETH_P_IP))
		packet->odd = parse_ipv4(cursor, packet);
	else if (protocol == bpf_htons(ETH_P_IPV6))
		packet->odd = parse_ipv6(cursor, packet);
	else
		return 0;
	return 1;
}

static __always_inline int is_vlan(__be16 protocol)
{
	return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD);
}

static __always_inline int parse_ethernet(struct cursor *cursor, struct filter_packet *packet)
{
	struct ethhdr *ethernet = peek(cursor, sizeof(*ethernet));
	struct vlan_tag *tag;
	__be16 protocol;
	int i;

	if (!ethernet)
		return 0;
	protocol = ethernet->h_proto;
	cursor->offset += sizeof(*ethernet);
	for (i = 0; i < VLAN_TAGS_MAX && is_vlan(protocol); i++) {
		tag = peek(cursor, sizeof(*tag));
		if (!tag) {
			packet->odd = FILTER_TRUNCATED;
			return 1;
		}
		protocol = tag->protocol;
		cursor->offset += sizeof(*tag);
	}
	if (is_vlan(protocol)) {
		packet->odd = FILTER_VLAN_TAGS;
		return 1;
	}
	return parse_ip(cursor, protocol, packet);
}

#endif
