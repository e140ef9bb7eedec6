/* SPDX-License-Identifier: Apache-2.0 */
/* Long-running traffic for fault, life-cycle and memory tests; not part of the comparison. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cases.h"
#include "load.h"
#include "report.h"
#include "wait.h"

#define STALL_MS 20000

volatile sig_atomic_t stopped;

static void on_stop(int number)
{
	(void)number;
	stopped = 1;
}

void stop_on_signal(void)
{
	struct sigaction action = {.sa_handler = on_stop};

	must(sigaction(SIGTERM, &action, NULL), "sigaction");
	must(sigaction(SIGINT, &action, NULL), "sigaction");
}

/* One connection of the load and the thread that drives both its ends. */
struct worker {
	const struct options *options;
	int listener;
	unsigned int number;
	uint64_t deadline_us;
	uint64_t bytes;
	uint64_t connections;
	uint64_t errors;
	uint64_t mismatches;
	uint64_t longest_gap_us; /* between two arrivals of data on a connection that carries load */
	pthread_t thread;
};

static bool over(const struct worker *worker)
{
	return stopped || now_us() >= worker->deadline_us;
}

/* Of this thread's connection: it carries data all the time, so that each wait for more is a gap. */
static __thread uint64_t last_arrival_us, longest_gap_us;

static void note_arrival(void)
{
	uint64_t now = now_us();

	if (last_arrival_us && now - last_arrival_us > longest_gap_us)
		longest_gap_us = now - last_arrival_us;
	last_arrival_us = now;
}

bool carry(struct talk *talk, enum side side, size_t length)
{
	size_t unsent = length;

	while (length) {
		struct pollfd ends[] = {
			{.fd = talk->fd[other(side)], .events = POLLIN},
			{.fd = unsent ? talk->fd[side] : -1, .events = POLLOUT},
		};
		ssize_t done;
		int ready = poll(ends, 2, STALL_MS);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0) {
			fail("%zu bytes were lost: nothing arrived for %d ms", length, STALL_MS);
			return false;
		}
		if (ends[1].revents) {
			done = say_some(talk, side, unsent, 0);
			if (done < 0 && errno != EAGAIN) {
				fail("send failed: %s", strerrorname_np(errno));
				return false;
			}
			unsent -= done > 0 ? done : 0;
		}
		if (ends[0].revents) {
			done = hear_some(talk, other(side), length, 0);
			if (done == 0 || (done < 0 && errno != EAGAIN)) {
				fail("recv with %zu bytes outstanding: %s", length,
				     done ? strerrorname_np(errno) : "EOF");
				return false;
			}
			length -= done > 0 ? done : 0;
			note_arrival();
		}
	}
	return true;
}

/* A mix of turns and bulk, from the number of the round only. */
static bool load_round(struct talk *talk, uint64_t round)
{
	uint64_t random = pattern_mix(round ^ talk->seed);
	size_t request = 1 + random % 2000;
	size_t response = 1 + (random >> 16) % 20000;

	if (random >> 56 < 4)
		response = 100000 + (random >> 20) % 2000000;
	if (random >> 56 == 9)
		request = 100000 + (random >> 20) % 2000000;
	return carry(talk, CLIENT, request) && carry(talk, SERVER, response);
}

static pthread_mutex_t connecting = PTHREAD_MUTEX_INITIALIZER;

/* One connection at a time: the accepted end then belongs to the client that just connected. */
static void connect_alone(struct worker *worker, struct talk *talk)
{
	pthread_mutex_lock(&connecting);
	talk_connect(worker->options, worker->listener, talk);
	pthread_mutex_unlock(&connecting);
}

bool load_close(struct talk *talk)
{
	uint8_t byte;

	shutdown(talk->fd[CLIENT], SHUT_WR);
	shutdown(talk->fd[SERVER], SHUT_WR);
	for (int side = CLIENT; side <= SERVER; side++) {
		await_events(talk->fd[side], POLLIN, STALL_MS);
		if (recv(talk->fd[side], &byte, 1, MSG_DONTWAIT) != 0) {
			fail("connection did not end with EOF");
			return false;
		}
	}
	return true;
}

/* --count rounds a second, so that what waits does not wait for a CPU. */
static void pace(const struct options *options)
{
	if (!options->count)
		return;
	usleep(SECOND_US / options->count);
	if (last_arrival_us)
		last_arrival_us = now_us(); /* the pause is no gap */
}

static void *load_run(void *argument)
{
	struct worker *worker = argument;

	while (!over(worker)) {
		/* Every fourth worker opens a new connection now and then. */
		uint64_t rounds = worker->number % 4 == 3 ? 50 : UINT64_MAX;
		struct talk talk;
		bool right = true;

		connect_alone(worker, &talk);
		last_arrival_us = 0;
		for (uint64_t round = 0; right && round < rounds && !over(worker); round++) {
			uint64_t before = talk.heard[CLIENT] + talk.heard[SERVER];

			pace(worker->options);
			right = load_round(&talk, round);
			__atomic_add_fetch(&worker->bytes,
					   talk.heard[CLIENT] + talk.heard[SERVER] - before,
					   __ATOMIC_RELAXED);
		}
		right = right && load_close(&talk);
		worker->errors += !right;
		worker->mismatches += talk.mismatches;
		worker->connections++;
		talk_close(&talk);
		if (!right && worker->errors > 3)
			break;
	}
	worker->longest_gap_us = longest_gap_us;
	return NULL;
}

static uint64_t load_bytes(const struct worker *workers, unsigned int count)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < count; i++)
		bytes += __atomic_load_n(&workers[i].bytes, __ATOMIC_RELAXED);
	return bytes;
}

static void show_progress(const struct worker *workers, unsigned int count)
{
	uint64_t start = now_us(), before = 0;

	while (!over(&workers[0])) {
		uint64_t bytes;

		usleep(SECOND_US);
		bytes = load_bytes(workers, count);
		fprintf(stderr, "checksummed_load second=%llu bytes=%llu bytes_per_second=%llu\n",
			(unsigned long long)((now_us() - start) / SECOND_US),
			(unsigned long long)bytes, (unsigned long long)(bytes - before));
		before = bytes;
	}
}

void case_checksummed_load(const struct options *options)
{
	unsigned int count = options->connections;
	struct worker *workers = calloc(count, sizeof(*workers));
	uint64_t connections = 0, errors = 0, mismatches = 0, gap_us = 0;
	int listener = listener_open(options);

	if (!workers)
		fatal("out of memory");
	stop_on_signal();
	for (unsigned int i = 0; i < count; i++) {
		workers[i] =
			(struct worker){.options = options,
					.listener = listener,
					.number = i,
					.deadline_us = now_us() + options->seconds * SECOND_US};
		thread_start(&workers[i].thread, load_run, &workers[i]);
	}
	show_progress(workers, count);
	for (unsigned int i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		connections += workers[i].connections;
		errors += workers[i].errors;
		mismatches += workers[i].mismatches;
		if (workers[i].longest_gap_us > gap_us)
			gap_us = workers[i].longest_gap_us;
	}
	time_int("longest_gap_us", (long long)gap_us);
	time_int("bytes", (long long)load_bytes(workers, count));
	time_int("connections", (long long)connections);
	observe_int("mismatches", (long long)mismatches);
	observe_int("errors", (long long)errors);
	free(workers);
}

/* Small turns for --seconds, in which a NAT entry may expire; then bulk both ways and an orderly
 * close. */
void case_conntrack_idle(const struct options *options)
{
	uint64_t end = now_us() + options->seconds * SECOND_US;
	uint64_t turns = 0, longest_us = 0;
	struct talk talk;
	const char *how;

	stop_on_signal();
	talk_begin(options, &talk);
	step("small turns");
	for (; now_us() < end && !stopped; turns++) {
		uint64_t begun_us = now_us();

		talk_turn(&talk, 100, 100);
		if (now_us() - begun_us > longest_us)
			longest_us = now_us() - begun_us;
		usleep(1000);
	}
	time_int("turns", (long long)turns);
	time_int("longest_turn_us", (long long)longest_us);
	step("bulk");
	observe_flag("bulk_up", carry(&talk, CLIENT, 4 << 20));
	observe_flag("bulk_down", carry(&talk, SERVER, 4 << 20));
	step("close");
	shutdown(talk.fd[CLIENT], SHUT_WR);
	observe_int("left_at_server", (long long)hear_to_end(&talk, SERVER, &how));
	observe_text("server_end", how);
	shutdown(talk.fd[SERVER], SHUT_WR);
	observe_int("left_at_client", (long long)hear_to_end(&talk, CLIENT, &how));
	observe_text("client_end", how);
	observe_flag("order_ok", talk.mismatches == 0);
	talk_close(&talk);
}

/*
 * Holds --count warm connections until SIGTERM, SIGINT or the end of stdin. Says "ready" on stderr
 * when all are open, and makes one more turn on each at the end.
 */
void case_many_idle(const struct options *options)
{
	unsigned int count = count_or(options, 1000);
	struct rlimit files = {.rlim_cur = count * 2 + 100, .rlim_max = count * 2 + 100};
	struct talk *talks = calloc(count, sizeof(*talks));
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	int listener = listener_open(options);
	unsigned int mismatches = 0;
	char byte;

	if (!talks)
		fatal("out of memory");
	must(setrlimit(RLIMIT_NOFILE, &files), "raise RLIMIT_NOFILE");
	stop_on_signal();
	for (unsigned int i = 0; i < count && !stopped; i++) {
		talk_connect(options, listener, &talks[i]);
		talk_warm_up(options, &talks[i]);
	}
	fprintf(stderr, "many_idle ready connections=%u\n", count);
	while (!stopped) {
		if (poll(&input, 1, 1000) > 0 && read(STDIN_FILENO, &byte, 1) == 0)
			break;
	}
	for (unsigned int i = 0; i < count && talks[i].said[CLIENT]; i++) {
		talk_turn(&talks[i], 100, 100);
		mismatches += talks[i].mismatches;
	}
	observe_int("connections", count);
	observe_int("mismatches", mismatches);
	free(talks);
}
