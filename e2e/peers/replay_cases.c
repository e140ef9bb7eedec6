/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A third party repeats what one connection sent: the TCP option with its nonce, in an
 * acknowledgement that another connection's receiver takes for its own client's.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define OPTION_KIND 253 /* RFC 4727, with the ExID of an active end's nonce (RFC 6994) */
#define OPTION_EXID 0x5AC7
#define OPTION_BYTES 12
#define LOOKED_FOR_TURNS 12

/* A TCP header with nothing but the option. */
struct forged {
	struct tcphdr tcp;
	unsigned char option[OPTION_BYTES];
};

/* The option of a packet that begins with its IP header, or NULL. */
static const unsigned char *find_option(const unsigned char *packet, size_t length)
{
	size_t at, end, ip = packet[0] >> 4 == 4 ? (packet[0] & 15) * 4 : sizeof(struct ip6_hdr);

	if (length < ip + sizeof(struct tcphdr))
		return NULL;
	at = ip + sizeof(struct tcphdr);
	end = ip + (packet[ip + 12] >> 4) * 4;
	while (at + OPTION_BYTES <= end && end <= length && packet[at] != TCPOPT_EOL) {
		if (packet[at] == TCPOPT_NOP) {
			at++;
			continue;
		}
		if (packet[at] == OPTION_KIND && packet[at + 1] == OPTION_BYTES &&
		    packet[at + 2] == OPTION_EXID >> 8 && packet[at + 3] == (OPTION_EXID & 255))
			return packet + at;
		at += packet[at + 1] ? packet[at + 1] : end;
	}
	return NULL;
}

/* Takes what the listening socket saw so far; true when an option was among it. */
static bool overhear(int listening, unsigned char *option)
{
	unsigned char packet[2048];
	const unsigned char *found = NULL;
	ssize_t length;

	while (!found && (length = recv(listening, packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		found = find_option(packet, length);
		if (found)
			memcpy(option, found, OPTION_BYTES);
	}
	return found != NULL;
}

static uint32_t queue_sequence(int fd, int queue)
{
	uint32_t sequence;
	socklen_t length = sizeof(sequence);

	option_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, queue);
	must(getsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, &sequence, &length), "TCP_QUEUE_SEQ");
	return sequence;
}

static uint16_t checksum(uint32_t source, uint32_t target, const struct forged *segment)
{
	const uint16_t *words = (const void *)segment;
	uint32_t sum = htons(IPPROTO_TCP) + htons(sizeof(*segment));

	sum += (source & 0xffff) + (source >> 16) + (target & 0xffff) + (target >> 16);
	for (size_t i = 0; i < sizeof(*segment) / 2; i++)
		sum += words[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* The address without its port; v4-mapped becomes IPv4. */
static void plain_address(struct sockaddr_storage *address)
{
	struct sockaddr_in6 *v6 = (void *)address;
	struct sockaddr_in v4 = {.sin_family = AF_INET};

	if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		memcpy(&v4.sin_addr, v6->sin6_addr.s6_addr + 12, 4);
		memcpy(address, &v4, sizeof(v4));
	}
	((struct sockaddr_in *)address)->sin_port = 0; /* where sin6_port is too */
}

static void send_forged(const struct options *options, int client, struct forged *segment)
{
	struct sockaddr_storage from, to;
	socklen_t from_length = sizeof(from), to_length = sizeof(to);
	int raw;

	must(getsockname(client, (struct sockaddr *)&from, &from_length), "getsockname");
	must(getpeername(client, (struct sockaddr *)&to, &to_length), "getpeername");
	segment->tcp.source = ((struct sockaddr_in *)&from)->sin_port;
	segment->tcp.dest = ((struct sockaddr_in *)&to)->sin_port;
	plain_address(&from);
	plain_address(&to);
	raw = client_namespace_socket(options, to.ss_family, SOCK_RAW, IPPROTO_TCP);
	if (to.ss_family == AF_INET6)
		option_set(raw, IPPROTO_IPV6, IPV6_CHECKSUM, offsetof(struct tcphdr, check));
	else
		segment->tcp.check =
			checksum(((struct sockaddr_in *)&from)->sin_addr.s_addr,
				 ((struct sockaddr_in *)&to)->sin_addr.s_addr, segment);
	must(bind(raw, (struct sockaddr *)&from, from_length), "bind raw socket");
	must(sendto(raw, segment, sizeof(*segment), 0, (struct sockaddr *)&to, to_length),
	     "send forged segment");
	close(raw);
}

static void forge(const struct options *options, int client, const unsigned char *option)
{
	struct forged segment = {.tcp = {.ack = 1, .window = htons(1000)}};

	segment.tcp.doff = sizeof(segment) / 4;
	memcpy(segment.option, option, OPTION_BYTES);
	option_set(client, IPPROTO_TCP, TCP_REPAIR, 1);
	segment.tcp.seq = htonl(queue_sequence(client, TCP_SEND_QUEUE));
	segment.tcp.ack_seq = htonl(queue_sequence(client, TCP_RECV_QUEUE));
	option_set(client, IPPROTO_TCP, TCP_REPAIR, -1);
	send_forged(options, client, &segment);
}

/*
 * The nonce of a connection is overheard the moment it is consumed, and repeated on another one: the
 * first is accelerated all the same, and each hears its own bytes only.
 */
void case_nonce_replayed(const struct options *options)
{
	unsigned char option[OPTION_BYTES] = {OPTION_KIND, OPTION_BYTES, OPTION_EXID >> 8,
					      OPTION_EXID & 255};
	struct talk victim, other_talk;
	bool heard = false;
	int listening;

	listening = must(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL)),
			 "packet socket");
	talk_open(options, &other_talk);
	talk_turn(&other_talk, 10, 10);
	talk_open(options, &victim);
	for (unsigned int turn = 0; turn < LOOKED_FOR_TURNS && !heard; turn++) {
		say(&victim, CLIENT, 100);
		hear(&victim, SERVER, 100);
		heard = overhear(listening, option);
		/* On plain TCP there is nothing to hear: the segment is forged all the same. */
		if (heard || turn == LOOKED_FOR_TURNS - 1)
			forge(options, other_talk.fd[CLIENT], option);
		say(&victim, SERVER, 100);
		hear(&victim, CLIENT, 100);
	}
	close(listening);
	time_int("heard", heard);
	talk_turn(&other_talk, 10, 10);
	for (unsigned int turn = 0; turn < 40; turn++) {
		talk_turn(&victim, 300, 500);
		talk_turn(&other_talk, 500, 300);
	}
	observe_flag("order_ok", victim.mismatches + other_talk.mismatches == 0);
	observe_flag("all_heard", victim.said[CLIENT] == victim.heard[SERVER] &&
					  victim.said[SERVER] == victim.heard[CLIENT] &&
					  other_talk.said[CLIENT] == other_talk.heard[SERVER] &&
					  other_talk.said[SERVER] == other_talk.heard[CLIENT]);
	talk_close(&victim);
	talk_close(&other_talk);
}
