/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections whose first bytes travel in unusual ways. Each of --count connections carries one
 * checked stream: bytes that are queued before accept(), more while the server does not read,
 * turns, and a burst.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define ROUNDS 100
#define EARLY_BYTES 700
#define DEFER_SECONDS 5

/* What the connections of a handshake case add up to. */
struct tally {
	uint64_t bytes;
	unsigned int mismatches;
	unsigned int connections;
};

static void tally_add(struct tally *tally, const struct talk *talk)
{
	tally->bytes += talk->heard[CLIENT] + talk->heard[SERVER];
	tally->mismatches += talk->mismatches;
	tally->connections++;
}

static void tally_observe(const struct tally *tally)
{
	observe_int("connections", tally->connections);
	observe_int("bytes", (long long)tally->bytes);
	observe_int("reordered_connections", tally->mismatches);
}

/* Bytes of the handshake are still unread when more, turns and a burst follow. */
static void converse(const struct options *options, struct talk *talk)
{
	for (unsigned int message = 0; message < 5; message++)
		say(talk, CLIENT, 100 + message);
	hear(talk, SERVER, 250);
	say(talk, CLIENT, 33);
	hear(talk, SERVER, talk->said[CLIENT] - talk->heard[SERVER]);
	say(talk, SERVER, 50);
	hear(talk, CLIENT, 50);
	talk_warm_up(options, talk);
	/* Unread bytes below new ones, once more. */
	say(talk, CLIENT, 1000);
	say(talk, CLIENT, 2000);
	hear(talk, SERVER, 500);
	say(talk, CLIENT, 3000);
	hear(talk, SERVER, 5500);
	convey(talk, CLIENT, 40000);
	convey(talk, SERVER, 40000);
}

/* The client sends as soon as it can and well before the server accepts. */
static void early_round(const struct options *options, int listener, unsigned int messages,
			struct tally *tally)
{
	struct pair pair = {.server = -1};
	struct endpoint target;
	struct talk talk;

	listener_target(options, listener, &target);
	pair.client = client_socket(options);
	client_connect(pair.client, &target);
	talk_init(options, &talk, &pair);
	for (unsigned int message = 0; message < messages; message++)
		say(&talk, CLIENT, EARLY_BYTES / messages);
	talk.fd[SERVER] = server_accept(options, listener);
	converse(options, &talk);
	tally_add(tally, &talk);
	talk_close(&talk);
}

static void early_rounds(const struct options *options, int listener)
{
	struct tally tally = {0};

	for (unsigned int i = 0; i < count_or(options, ROUNDS); i++)
		early_round(options, listener, 1 + i % 7, &tally);
	tally_observe(&tally);
	close(listener);
}

void case_data_with_handshake(const struct options *options)
{
	early_rounds(options, listener_open(options));
}

void case_defer_accept(const struct options *options)
{
	int listener = listener_bind(options);

	option_set(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, DEFER_SECONDS);
	listener_listen(listener);
	early_rounds(options, listener);
}

/* Needs net.ipv4.tcp_syncookies=2 to have every handshake use a cookie: the harness sets it. */
void case_syncookies(const struct options *options)
{
	FILE *file = fopen("/proc/sys/net/ipv4/tcp_syncookies", "re");
	int mode = -1;

	if (file && fscanf(file, "%d", &mode) != 1)
		mode = -1;
	if (file)
		fclose(file);
	time_int("tcp_syncookies", mode);
	early_rounds(options, listener_open(options));
}

static bool syn_carried_data(int client)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	must(getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &length), "getsockopt TCP_INFO");
	return (info.tcpi_options & TCPI_OPT_SYN_DATA) != 0;
}

static bool fastopen_round(const struct options *options, int listener, struct tally *tally)
{
	static uint8_t bytes[EARLY_BYTES];
	struct pair pair = {.server = -1};
	struct endpoint target;
	struct talk talk;
	ssize_t sent;
	bool carried;

	listener_target(options, listener, &target);
	pair.client = client_socket(options);
	talk_init(options, &talk, &pair);
	pattern_fill(pattern_mix(talk.seed + CLIENT), 0, bytes, sizeof(bytes));
	sent = sendto(pair.client, bytes, sizeof(bytes), MSG_FASTOPEN | MSG_NOSIGNAL,
		      (struct sockaddr *)&target.address, target.length);
	/* Without a cookie a non-blocking client gets EINPROGRESS, and sends when connected. */
	if (sent < 0 && errno != EINPROGRESS)
		must(sent, "sendto MSG_FASTOPEN");
	talk.said[CLIENT] = sent > 0 ? sent : 0;
	talk.fd[SERVER] = server_accept(options, listener);
	await_events(pair.client, POLLOUT, WAIT_MS);
	converse(options, &talk);
	carried = syn_carried_data(pair.client);
	/* How much the SYN carried is TCP's choice: make the byte count the same on every path. */
	say(&talk, CLIENT, EARLY_BYTES - (sent > 0 ? sent : 0) + 1);
	hear(&talk, SERVER, EARLY_BYTES - (sent > 0 ? sent : 0) + 1);
	tally_add(tally, &talk);
	talk_close(&talk);
	return carried;
}

/* Needs net.ipv4.tcp_fastopen=3 for data on the SYN: the harness sets it. */
void case_fastopen(const struct options *options)
{
	int listener = listener_bind(options);
	unsigned int rounds = count_or(options, ROUNDS), carried = 0;
	struct tally prime = {0}, tally = {0};

	option_set(listener, IPPROTO_TCP, TCP_FASTOPEN, 256);
	listener_listen(listener);
	/* The first connection only fetches the cookie. */
	fastopen_round(options, listener, &prime);
	for (unsigned int i = 0; i < rounds; i++)
		carried += fastopen_round(options, listener, &tally);
	observe_text("syn_data", carried == rounds ? "all" : carried ? "some" : "none");
	tally_observe(&tally);
	close(listener);
}

static int bound_client(const struct options *options, uint16_t port, const struct endpoint *target)
{
	struct endpoint source;
	int fd = client_socket(options);

	endpoint_loopback(options->family, &source);
	memset(&source.address, 0, sizeof(source.address));
	source.address.ss_family = options->family == FAMILY_V4 ? AF_INET : AF_INET6;
	endpoint_set_port(&source, port);
	option_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	must(bind(fd, (struct sockaddr *)&source.address, source.length), "bind client");
	client_connect(fd, target);
	return fd;
}

/*
 * Two clients use one source port to two destinations at once. When both destinations are
 * REDIRECTed to one listener (--connect, --connect2), netfilter has to rewrite the source port of
 * the second.
 */
void case_reused_source_port(const struct options *options)
{
	int listeners[2] = {listener_open(options), -1};
	unsigned int rounds = count_or(options, ROUNDS);
	struct endpoint targets[2];
	struct tally tally = {0};

	listener_target(options, listeners[0], &targets[0]);
	if (options->connect2.length) {
		targets[1] = options->connect2;
		listeners[1] = listeners[0];
	} else {
		struct options second = *options;

		if (second.listen.length)
			endpoint_set_port(&second.listen, 0);
		second.connect.length = 0;
		listeners[1] = listener_open(&second);
		listener_target(&second, listeners[1], &targets[1]);
	}
	for (unsigned int round = 0; round < rounds; round++) {
		struct talk talks[2];

		for (int i = 0; i < 2; i++) {
			struct pair pair;

			pair.client =
				bound_client(options, options->source_port + round, &targets[i]);
			pair.server = server_accept(options, listeners[i]);
			talk_init(options, &talks[i], &pair);
		}
		for (int i = 0; i < 2; i++)
			converse(options, &talks[i]);
		for (int i = 0; i < 2; i++) {
			tally_add(&tally, &talks[i]);
			/* No TIME_WAIT: the next run uses the same ports. */
			close_with_reset(talks[i].fd[CLIENT]);
			close(talks[i].fd[SERVER]);
		}
	}
	tally_observe(&tally);
}

/* connect(AF_UNSPEC) and a second life of the socket: no byte of the first may show up in it. */
static void reconnect(const struct options *options, size_t unread)
{
	struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
	int listener = listener_open(options);
	struct endpoint target;
	struct talk first, second;
	struct pair pair;
	uint8_t byte;
	int error;

	listener_target(options, listener, &target);
	talk_connect(options, listener, &first);
	talk_warm_up(options, &first);
	if (unread) {
		say(&first, SERVER, unread);
		await_events(first.fd[CLIENT], POLLIN, WAIT_MS);
	}
	observe_result("disconnect", connect(first.fd[CLIENT], &nowhere, sizeof(nowhere)));
	await_events(first.fd[SERVER], POLLRDHUP, WAIT_MS);
	observe_events("old_peer", events_now(first.fd[SERVER]));
	observe_result("old_peer_recv", recv(first.fd[SERVER], &byte, 1, MSG_DONTWAIT));
	observe_result("recv_between", recv(first.fd[CLIENT], &byte, 1, MSG_DONTWAIT));
	observe_events("between", events_now(first.fd[CLIENT]));
	step("connect again");
	error = client_try_connect(first.fd[CLIENT], &target);
	observe_text("connect_again", error ? strerrorname_np(error) : "0");
	if (error)
		return;
	pair.client = first.fd[CLIENT];
	pair.server = server_accept(options, listener);
	talk_init(options, &second, &pair);
	observe_result("recv_before_data", hear_some(&second, CLIENT, 1, MSG_DONTWAIT));
	talk_warm_up(options, &second);
	talk_turn(&second, 10000, 10000);
	close(first.fd[SERVER]);
	close(listener);
	talk_end(&second);
}

void case_reconnect_af_unspec(const struct options *options)
{
	reconnect(options, 0);
}

void case_reconnect_with_unread(const struct options *options)
{
	reconnect(options, 5000);
}

/* One socket that connects to itself: sender and receiver are the same member. */
void case_self_connect(const struct options *options)
{
	struct endpoint self;
	int fd = client_socket(options);
	struct talk talk;
	struct pair pair = {fd, fd};

	endpoint_loopback(options->family, &self);
	must(bind(fd, (struct sockaddr *)&self.address, self.length), "bind");
	must(getsockname(fd, (struct sockaddr *)&self.address, &self.length), "getsockname");
	client_connect(fd, &self);
	talk_init(options, &talk, &pair);
	for (unsigned int turn = 0; turn < 50; turn++) {
		say(&talk, CLIENT, 100);
		hear(&talk, SERVER, 100);
	}
	convey(&talk, CLIENT, 100000);
	observe_result("shutdown", shutdown(fd, SHUT_WR));
	observe_result("end", hear_some(&talk, SERVER, 1, 0));
	talk.fd[SERVER] = -1;
	talk_end(&talk);
}

/* Connections of one request, with turns in a few, close while they may just be about to be
 * adopted. */
void case_churn(const struct options *options)
{
	int listener = listener_open(options);
	struct tally tally = {0};

	for (unsigned int i = 0; i < count_or(options, 500); i++) {
		struct talk talk;
		const char *end;

		talk_connect(options, listener, &talk);
		for (unsigned int turn = 0; turn < i % 14; turn++)
			talk_turn(&talk, 100, 300);
		say(&talk, CLIENT, 1000);
		say(&talk, SERVER, 2000);
		shutdown(talk.fd[CLIENT], SHUT_WR);
		if (hear_to_end(&talk, SERVER, &end) != 1000 || strcmp(end, "EOF"))
			fail("server side of connection %u ended with %s", i, end);
		say(&talk, SERVER, 500);
		shutdown(talk.fd[SERVER], SHUT_WR);
		if (hear_to_end(&talk, CLIENT, &end) != 2500 || strcmp(end, "EOF"))
			fail("client side of connection %u ended with %s", i, end);
		tally_add(&tally, &talk);
		talk_close(&talk);
	}
	tally_observe(&tally);
	close(listener);
}

void case_reuseport(const struct options *options)
{
	int listeners[2] = {-1, -1};
	struct options bound = *options;
	struct tally tally = {0};

	bound.client_netns = -1; /* listeners are the server's */
	for (int i = 0; i < 2; i++) {
		listeners[i] = client_socket(&bound);
		option_set(listeners[i], SOL_SOCKET, SO_REUSEPORT, 1);
		if (i == 0 && !bound.listen.length)
			endpoint_loopback(options->family, &bound.listen);
		must(bind(listeners[i], (struct sockaddr *)&bound.listen.address,
			  bound.listen.length),
		     "bind");
		listener_listen(listeners[i]);
		if (i == 0)
			must(getsockname(listeners[0], (struct sockaddr *)&bound.listen.address,
					 &bound.listen.length),
			     "getsockname");
	}
	for (unsigned int i = 0; i < count_or(options, 40); i++) {
		struct pollfd ready[2] = {{.fd = listeners[0], .events = POLLIN},
					  {.fd = listeners[1], .events = POLLIN}};
		struct endpoint target;
		struct talk talk;
		struct pair pair;

		listener_target(options, listeners[0], &target);
		pair.client = client_socket(options);
		client_connect(pair.client, &target);
		must(poll(ready, 2, WAIT_MS), "poll listeners");
		pair.server = server_accept(options, listeners[ready[0].revents ? 0 : 1]);
		talk_init(options, &talk, &pair);
		converse(options, &talk);
		tally_add(&tally, &talk);
		talk_close(&talk);
	}
	tally_observe(&tally);
	close(listeners[0]);
	close(listeners[1]);
}
