/* SPDX-License-Identifier: Apache-2.0 */
#include "talk.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "report.h"
#include "wait.h"

#define CHUNK_BYTES 65536

uint64_t pattern_mix(uint64_t value)
{
	/* splitmix64: neighbouring positions give unrelated words. */
	value += 0x9e3779b97f4a7c15ULL;
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
	return value ^ (value >> 31);
}

static uint8_t pattern_byte(uint64_t seed, uint64_t position)
{
	return (uint8_t)(pattern_mix(seed ^ (position >> 3)) >> ((position & 7) * 8));
}

void pattern_fill(uint64_t seed, uint64_t position, void *buffer, size_t length)
{
	uint8_t *out = buffer;
	uint64_t word;

	for (; length && (position & 7); length--)
		*out++ = pattern_byte(seed, position++);
	for (; length >= 8; length -= 8, position += 8, out += 8) {
		word = pattern_mix(seed ^ (position >> 3));
		memcpy(out, &word, 8);
	}
	for (; length; length--)
		*out++ = pattern_byte(seed, position++);
}

size_t pattern_check(uint64_t seed, uint64_t position, const void *buffer, size_t length)
{
	const uint8_t *in = buffer;
	size_t done = 0;
	uint64_t word;

	while (done < length) {
		if (!((position + done) & 7) && length - done >= 8) {
			word = pattern_mix(seed ^ ((position + done) >> 3));
			if (!memcmp(in + done, &word, 8)) {
				done += 8;
				continue;
			}
		}
		if (in[done] != pattern_byte(seed, position + done))
			return done;
		done++;
	}
	return length;
}

static uint64_t direction_seed(const struct talk *talk, enum side from)
{
	return pattern_mix(talk->seed + from);
}

void talk_init(const struct options *options, struct talk *talk, const struct pair *pair)
{
	static uint64_t serial;

	memset(talk, 0, sizeof(*talk));
	talk->fd[CLIENT] = pair->client;
	talk->fd[SERVER] = pair->server;
	/* Bytes of one connection never pass for those of another. */
	talk->seed = pattern_mix(options->seed) + 2 * serial++;
	talk->try_flags = options->nonblock ? 0 : MSG_DONTWAIT;
}

void talk_connect(const struct options *options, int listener, struct talk *talk)
{
	struct pair pair;

	pair_connect(options, listener, &pair);
	talk_init(options, talk, &pair);
}

void talk_open(const struct options *options, struct talk *talk)
{
	struct pair pair;

	pair_open(options, &pair);
	talk_init(options, talk, &pair);
}

void talk_begin(const struct options *options, struct talk *talk)
{
	talk_open(options, talk);
	talk_warm_up(options, talk);
}

void talk_turn(struct talk *talk, size_t request, size_t response)
{
	say(talk, CLIENT, request);
	hear(talk, SERVER, request);
	say(talk, SERVER, response);
	hear(talk, CLIENT, response);
}

static void epoll_expect(int epoll, int fd)
{
	struct epoll_event event;

	if (epoll_wait(epoll, &event, 1, WAIT_MS) != 1)
		fatal("warm-up: no event");
	if (event.data.fd != fd || !(event.events & EPOLLIN))
		fatal("warm-up: event 0x%x of the wrong end", event.events);
}

void talk_warm_up(const struct options *options, struct talk *talk)
{
	int epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");

	step("warm-up");
	for (int side = CLIENT; side <= SERVER; side++) {
		struct epoll_event event = {.events = EPOLLIN, .data.fd = talk->fd[side]};

		must(epoll_ctl(epoll, EPOLL_CTL_ADD, talk->fd[side], &event), "epoll_ctl");
	}
	for (unsigned int turn = 0; turn < options->warmup; turn++) {
		for (int side = CLIENT; side <= SERVER; side++) {
			say(talk, side, WARM_BYTES);
			epoll_expect(epoll, talk->fd[other(side)]);
			hear(talk, other(side), WARM_BYTES);
		}
	}
	close(epoll);
	step("case");
}

void talk_observe(const struct talk *talk)
{
	observe_int("client_heard_bytes", (long long)talk->heard[CLIENT]);
	observe_int("server_heard_bytes", (long long)talk->heard[SERVER]);
	observe_flag("order_ok", talk->mismatches == 0);
}

void talk_close(struct talk *talk)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		if (talk->fd[side] >= 0)
			close(talk->fd[side]);
		talk->fd[side] = -1;
	}
}

void talk_end(struct talk *talk)
{
	talk_observe(talk);
	talk_close(talk);
}

static _Thread_local uint8_t scratch[CHUNK_BYTES * 16];

ssize_t say_some(struct talk *talk, enum side side, size_t length, int flags)
{
	ssize_t sent;

	if (length > sizeof(scratch))
		length = sizeof(scratch);
	pattern_fill(direction_seed(talk, side), talk->said[side], scratch, length);
	sent = send(talk->fd[side], scratch, length, flags | MSG_NOSIGNAL | talk->try_flags);
	if (sent > 0)
		talk->said[side] += sent;
	return sent;
}

void say_buffer(struct talk *talk, enum side side, void *buffer, size_t length)
{
	pattern_fill(direction_seed(talk, side), talk->said[side], buffer, length);
	talk->said[side] += length;
}

static void check(struct talk *talk, enum side side, const void *buffer, size_t length)
{
	uint64_t position = talk->heard[side];
	size_t good = pattern_check(direction_seed(talk, other(side)), position, buffer, length);

	if (good == length)
		return;
	__atomic_add_fetch(&talk->mismatches, 1, __ATOMIC_RELAXED);
	fail("%s heard a wrong byte at position %llu", side == CLIENT ? "client" : "server",
	     (unsigned long long)(position + good));
}

void hear_buffer(struct talk *talk, enum side side, const void *buffer, size_t length)
{
	check(talk, side, buffer, length);
	talk->heard[side] += length;
}

ssize_t hear_some(struct talk *talk, enum side side, size_t length, int flags)
{
	ssize_t got;

	if (length > sizeof(scratch))
		length = sizeof(scratch);
	got = recv(talk->fd[side], scratch, length, flags | talk->try_flags);
	if (got <= 0)
		return got;
	check(talk, side, scratch, got);
	if (!(flags & MSG_PEEK))
		talk->heard[side] += got;
	return got;
}

static bool would_block(ssize_t result)
{
	return result < 0 && (errno == EAGAIN || errno == EINTR);
}

void say(struct talk *talk, enum side side, size_t length)
{
	ssize_t sent;

	while (length) {
		sent = say_some(talk, side, length, 0);
		if (would_block(sent)) {
			if (!await_events(talk->fd[side], POLLOUT, WAIT_MS))
				fatal("no room to send %zu bytes", length);
			continue;
		}
		length -= must(sent, "send");
	}
}

void hear(struct talk *talk, enum side side, size_t length)
{
	ssize_t got;

	while (length) {
		if (!await_events(talk->fd[side], POLLIN, WAIT_MS))
			fatal("%zu bytes did not arrive", length);
		got = hear_some(talk, side, length, 0);
		if (would_block(got))
			continue;
		if (must(got, "recv") == 0)
			fatal("end of stream with %zu bytes outstanding", length);
		length -= got;
	}
}

void convey(struct talk *talk, enum side side, size_t length)
{
	size_t unsent = length;
	ssize_t done;

	while (length) {
		struct pollfd ends[] = {
			{.fd = talk->fd[other(side)], .events = POLLIN},
			{.fd = unsent ? talk->fd[side] : -1, .events = POLLOUT},
		};

		if (poll(ends, 2, WAIT_MS) <= 0)
			fatal("%zu bytes did not arrive", length);
		if (ends[1].revents) {
			done = say_some(talk, side, unsent, 0);
			unsent -= would_block(done) ? 0 : must(done, "send");
		}
		if (ends[0].revents) {
			done = hear_some(talk, other(side), length, 0);
			if (done == 0)
				fatal("end of stream with %zu bytes outstanding", length);
			length -= would_block(done) ? 0 : must(done, "recv");
		}
	}
}

uint64_t hear_to_end(struct talk *talk, enum side side, const char **end)
{
	uint64_t before = talk->heard[side];
	ssize_t got;

	do {
		if (!await_events(talk->fd[side], POLLIN, WAIT_MS))
			fatal("neither bytes nor the end of the stream arrived");
		got = hear_some(talk, side, CHUNK_BYTES, 0);
	} while (got > 0 || would_block(got));
	*end = got == 0 ? "EOF" : strerrorname_np(errno);
	return talk->heard[side] - before;
}

/* size, or a random one that depends on the seed and the position only. */
static size_t next_size(const struct flow *flow, size_t size, uint64_t position, uint64_t left)
{
	if (!size)
		size = 1 + pattern_mix(flow->talk->seed ^ (position << 1)) % CHUNK_BYTES;
	return size < left ? size : left;
}

static void *flow_send(void *argument)
{
	struct flow *flow = argument;

	for (uint64_t left = flow->total, size; left; left -= size) {
		size = next_size(flow, flow->write_size, left, left);
		say(flow->talk, flow->from, size);
	}
	return NULL;
}

static void *flow_receive(void *argument)
{
	struct flow *flow = argument;
	enum side side = other(flow->from);
	ssize_t got;

	for (uint64_t left = flow->total; left;) {
		if (!await_events(flow->talk->fd[side], POLLIN, WAIT_MS))
			fatal("%llu bytes did not arrive", (unsigned long long)left);
		got = hear_some(flow->talk, side, next_size(flow, flow->read_size, ~left, left), 0);
		if (would_block(got))
			continue;
		if (must(got, "recv") == 0)
			fatal("end of stream with %llu bytes outstanding",
			      (unsigned long long)left);
		left -= got;
	}
	return NULL;
}

void flow_start(struct flow *flow)
{
	thread_start(&flow->receiver, flow_receive, flow);
	thread_start(&flow->sender, flow_send, flow);
}

void flow_join(struct flow *flow)
{
	pthread_join(flow->sender, NULL);
	pthread_join(flow->receiver, NULL);
}
