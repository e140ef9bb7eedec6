/* SPDX-License-Identifier: Apache-2.0 */
/* Turns and streams of every size, in both directions, checked byte by byte. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/uio.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define MIB (1024ULL * 1024)

void case_pingpong(const struct options *options)
{
	static const size_t sizes[] = {1, 7, 64, 1000, 1024, 4096, 16384, 65536, 262144, 1048576};
	struct talk talk;

	talk_begin(options, &talk);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned int turns = sizes[i] <= 16384 ? 50 : 10;
		uint64_t start = now_us();

		for (unsigned int turn = 0; turn < turns; turn++) {
			convey(&talk, CLIENT, sizes[i]);
			convey(&talk, SERVER, sizes[i]);
		}
		if (sizes[i] == 1024)
			time_int("turn_1024_us", (long long)((now_us() - start) / turns));
	}
	talk_end(&talk);
}

static void run_flows(struct flow *flows, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		flow_start(&flows[i]);
	for (unsigned int i = 0; i < count; i++)
		flow_join(&flows[i]);
}

void case_bulk_stream(const struct options *options)
{
	struct flow up = {.total = 16 * MIB, .write_size = 65536, .read_size = 65536};
	struct flow down = {.total = 16 * MIB, .write_size = 16384, .read_size = 30000};
	struct talk talk;

	talk_begin(options, &talk);
	up.talk = down.talk = &talk;
	up.from = CLIENT;
	down.from = SERVER;
	run_flows(&up, 1);
	run_flows(&down, 1);
	talk_end(&talk);
}

void case_bulk_full_duplex(const struct options *options)
{
	struct flow flows[] = {
		{.total = 16 * MIB, .write_size = 65536, .read_size = 65536, .from = CLIENT},
		{.total = 16 * MIB, .from = SERVER},
	};
	struct talk talk;

	talk_begin(options, &talk);
	flows[0].talk = flows[1].talk = &talk;
	run_flows(flows, 2);
	talk_end(&talk);
}

void case_small_write_stream(const struct options *options)
{
	struct flow flow = {.total = 4 * MIB, .write_size = 200, .read_size = 65536};
	struct talk talk;

	talk_begin(options, &talk);
	flow.talk = &talk;
	flow.from = CLIENT;
	run_flows(&flow, 1);
	/* A stream of small writes may change how the pair is treated: turns still have to work. */
	for (unsigned int turn = 0; turn < 50; turn++)
		talk_turn(&talk, 100, 5000);
	talk_end(&talk);
}

/* Bursts of random messages that the other end lets queue for a while before it reads. */
static void random_bursts(const struct options *options, struct talk *talk, unsigned int rounds)
{
	for (unsigned int round = 0; round < rounds; round++) {
		uint64_t random = pattern_mix(options->seed ^ round);
		enum side side = random & 1;
		unsigned int messages = 1 + (random >> 1) % 5;
		size_t total = 0, size, part;

		for (unsigned int message = 0; message < messages; message++) {
			size = 1 + (random >> (8 + 8 * message)) % 4000;
			say(talk, side, size);
			total += size;
		}
		/* Leave a part unread over the next round, which sends on top of it or the other
		 * way. */
		part = (random >> 52) & 1 ? total : total / 2;
		hear(talk, other(side), part);
		if ((random >> 53) & 1)
			talk_turn(talk, 50, 50);
		if (part < total) {
			say(talk, side, 333);
			hear(talk, other(side), total - part + 333);
		}
	}
}

void case_random_bursts(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	random_bursts(options, &talk, count_or(options, 2000));
	talk_end(&talk);
}

/* Bytes that Nagle's algorithm holds back may not be overtaken by later ones. */
void case_nagle_bursts(const struct options *options)
{
	struct talk talk;

	talk_open(options, &talk);
	option_set(talk.fd[CLIENT], IPPROTO_TCP, TCP_NODELAY, 0);
	option_set(talk.fd[SERVER], IPPROTO_TCP, TCP_NODELAY, 0);
	talk_warm_up(options, &talk);
	random_bursts(options, &talk, count_or(options, 60));
	talk_end(&talk);
}

static void say_scattered(struct talk *talk, enum side side, size_t total)
{
	static uint8_t bytes[8192];
	struct iovec parts[] = {
		{bytes, 1},
		{bytes + 1, 0},
		{bytes + 1, 99},
		{bytes + 100, 3900},
		{bytes + 4000, total - 4000},
	};

	pattern_fill(pattern_mix(talk->seed + side), talk->said[side], bytes, total);
	observe_result(side == CLIENT ? "client_writev" : "server_writev",
		       writev(talk->fd[side], parts, 5));
	talk->said[side] += total;
}

void case_scatter(const struct options *options)
{
	static uint8_t bytes[8192];
	struct iovec parts[] = {{bytes, 10}, {bytes + 10, 3000}, {bytes + 3010, 5000}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
	struct talk talk;
	ssize_t got;

	talk_begin(options, &talk);
	say_scattered(&talk, CLIENT, 6000);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	got = readv(talk.fd[SERVER], parts, 3);
	observe_result("readv", got);
	hear_buffer(&talk, SERVER, bytes, got > 0 ? got : 0);
	say_scattered(&talk, SERVER, 6000);
	await_events(talk.fd[CLIENT], POLLIN, WAIT_MS);
	message.msg_flags = 0x1234;
	got = recvmsg(talk.fd[CLIENT], &message, 0);
	observe_result("recvmsg", got);
	observe_int("recvmsg_flags", message.msg_flags);
	observe_int("recvmsg_name_length", message.msg_namelen);
	hear_buffer(&talk, CLIENT, bytes, got > 0 ? got : 0);
	talk_end(&talk);
}

static void read_queued(struct talk *talk, enum side reader, const char *const keys[3])
{
	enum side writer = other(reader);

	say(talk, writer, 300);
	say(talk, writer, 500);
	say(talk, writer, 1);
	await_events(talk->fd[reader], POLLIN, WAIT_MS);
	await_delivered(talk->fd[writer]);
	observe_result(keys[0], hear_some(talk, reader, 100, 0));
	observe_result(keys[1], hear_some(talk, reader, 4096, 0));
	observe_result(keys[2], hear_some(talk, reader, 4096, 0));
}

/* Messages that are queued when the reader comes are read in one call. */
void case_queued_messages(const struct options *options)
{
	static const char *const server[] = {"server_first", "server_rest", "server_empty"};
	static const char *const client[] = {"client_first", "client_rest", "client_empty"};
	struct talk talk;

	talk_begin(options, &talk);
	read_queued(&talk, SERVER, server);
	read_queued(&talk, CLIENT, client);
	talk_end(&talk);
}
