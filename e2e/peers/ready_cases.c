/* SPDX-License-Identifier: Apache-2.0 */
/* Readiness: no wake-up is lost and none is invented. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define EDGE_MESSAGES 20000

static int epoll_of(int fd, uint32_t events)
{
	struct epoll_event event = {.events = events};
	int epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
	return epoll;
}

static short epoll_poll(int epoll, int timeout_ms)
{
	struct epoll_event event;
	int ready = must(epoll_wait(epoll, &event, 1, timeout_ms), "epoll_wait");

	return ready ? (short)event.events : 0;
}

/* One end of an exchange that reads on edges only: a lost wake-up stops it. */
struct edge_reader {
	struct talk *talk;
	enum side side;
	int epoll;
	unsigned int messages;
	bool answer;
	unsigned int timeouts;
};

static size_t edge_size(unsigned int message)
{
	return 1 + pattern_mix(message) % 1500;
}

static void edge_hear(struct edge_reader *reader, size_t length)
{
	while (length) {
		ssize_t got = hear_some(reader->talk, reader->side, 65536, 0);

		if (got > 0) {
			length -= got;
			continue;
		}
		if (got == 0 || errno != EAGAIN)
			fatal("edge reader: recv returned %zd", got);
		if (!epoll_poll(reader->epoll, 3000) && ++reader->timeouts > 3)
			fatal("lost wake-up with %zu bytes outstanding", length);
	}
}

static void *edge_run(void *argument)
{
	struct edge_reader *reader = argument;

	for (unsigned int message = 0; message < reader->messages; message++) {
		size_t size = edge_size(message);

		if (reader->answer) {
			edge_hear(reader, size);
			say(reader->talk, reader->side, size);
		} else {
			say(reader->talk, reader->side, size);
			edge_hear(reader, size);
		}
	}
	return NULL;
}

void case_epoll_edge(const struct options *options)
{
	struct edge_reader readers[2];
	struct talk talk;
	pthread_t threads[2];

	talk_begin(options, &talk);
	for (int side = CLIENT; side <= SERVER; side++) {
		readers[side] = (struct edge_reader){
			.talk = &talk,
			.side = side,
			.epoll = epoll_of(talk.fd[side], EPOLLIN | EPOLLET),
			.messages = count_or(options, EDGE_MESSAGES),
			.answer = side == SERVER,
		};
		thread_start(&threads[side], edge_run, &readers[side]);
	}
	for (int side = CLIENT; side <= SERVER; side++)
		pthread_join(threads[side], NULL);
	observe_int("lost_wake_ups", readers[CLIENT].timeouts + readers[SERVER].timeouts);
	talk_end(&talk);
}

static void *edge_sink(void *argument)
{
	struct edge_reader *reader = argument;
	size_t total = 0;

	for (unsigned int message = 0; message < reader->messages; message++)
		total += edge_size(message);
	edge_hear(reader, total);
	return NULL;
}

/* One-way messages to an edge reader that always reads until EAGAIN. */
void case_epoll_edge_stream(const struct options *options)
{
	struct edge_reader reader;
	struct talk talk;
	pthread_t thread;

	talk_begin(options, &talk);
	reader = (struct edge_reader){
		.talk = &talk,
		.side = SERVER,
		.epoll = epoll_of(talk.fd[SERVER], EPOLLIN | EPOLLET),
		.messages = count_or(options, EDGE_MESSAGES),
	};
	thread_start(&thread, edge_sink, &reader);
	for (unsigned int message = 0; message < reader.messages; message++)
		say(&talk, CLIENT, edge_size(message));
	pthread_join(thread, NULL);
	observe_int("lost_wake_ups", reader.timeouts);
	talk_end(&talk);
}

void case_epoll_level(const struct options *options)
{
	struct talk talk;
	int epoll;

	talk_begin(options, &talk);
	epoll = epoll_of(talk.fd[SERVER], EPOLLIN | EPOLLOUT | EPOLLRDHUP);
	observe_events("idle", epoll_poll(epoll, 0));
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_events("data", epoll_poll(epoll, 0));
	hear(&talk, SERVER, 40);
	observe_events("part_left", epoll_poll(epoll, 0));
	hear(&talk, SERVER, 60);
	observe_events("drained", epoll_poll(epoll, 0));
	observe_result("recv_drained", hear_some(&talk, SERVER, 10, 0));
	say(&talk, CLIENT, 10);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS);
	observe_events("data_and_fin", epoll_poll(epoll, 0));
	hear(&talk, SERVER, 10);
	observe_events("fin", epoll_poll(epoll, 0));
	talk_end(&talk);
}

/* Each message gives exactly one edge; reading a part gives none. */
void case_epoll_edge_count(const struct options *options)
{
	unsigned int edges = 0, spurious = 0;
	struct talk talk;
	int epoll;

	talk_begin(options, &talk);
	epoll = epoll_of(talk.fd[SERVER], EPOLLIN | EPOLLET);
	for (unsigned int turn = 0; turn < 100; turn++) {
		say(&talk, CLIENT, 100);
		edges += (epoll_poll(epoll, 3000) & POLLIN) != 0;
		hear_some(&talk, SERVER, 40, 0);
		spurious += epoll_poll(epoll, 0) != 0;
		hear(&talk, SERVER, 60);
		spurious += epoll_poll(epoll, 0) != 0;
	}
	observe_int("edges", edges);
	observe_int("spurious", spurious);
	talk_end(&talk);
}

void case_epoll_oneshot(const struct options *options)
{
	struct epoll_event rearm = {.events = EPOLLIN | EPOLLONESHOT};
	struct talk talk;
	int epoll;

	talk_begin(options, &talk);
	epoll = epoll_of(talk.fd[SERVER], EPOLLIN | EPOLLONESHOT);
	say(&talk, CLIENT, 100);
	observe_events("first", epoll_poll(epoll, 3000));
	say(&talk, CLIENT, 100);
	observe_events("disarmed", epoll_poll(epoll, QUIET_MS));
	must(epoll_ctl(epoll, EPOLL_CTL_MOD, talk.fd[SERVER], &rearm), "EPOLL_CTL_MOD");
	observe_events("rearmed", epoll_poll(epoll, 3000));
	hear(&talk, SERVER, 200);
	talk_end(&talk);
}

/* EPOLLOUT edges tell a writer about room again after it met EAGAIN. */
void case_epoll_out(const struct options *options)
{
	unsigned int rounds = 6, edges = 0;
	struct talk talk;
	int epoll;

	talk_begin(options, &talk);
	epoll = epoll_of(talk.fd[CLIENT], EPOLLOUT | EPOLLET);
	observe_events("initial", epoll_poll(epoll, 0));
	for (unsigned int round = 0; round < rounds; round++) {
		ssize_t sent;

		/* Full means: no room appears while the reader stands still. */
		do {
			sent = say_some(&talk, CLIENT, 65536, 0);
		} while (sent > 0 || epoll_poll(epoll, 100));
		hear(&talk, SERVER, talk.said[CLIENT] - talk.heard[SERVER]);
		edges += (epoll_poll(epoll, 3000) & POLLOUT) != 0;
	}
	observe_int("edges", edges);
	observe_flag("all_heard", talk.heard[SERVER] == talk.said[CLIENT]);
	observe_flag("order_ok", talk.mismatches == 0);
	talk_close(&talk);
}

/* The reader waits in one epoll_wait() from before the first byte, through adoption, to the end. */
void case_poll_before_adopt(const struct options *options)
{
	struct edge_reader readers[2];
	struct talk talk;
	pthread_t threads[2];

	talk_open(options, &talk);
	for (int side = CLIENT; side <= SERVER; side++) {
		readers[side] = (struct edge_reader){
			.talk = &talk,
			.side = side,
			.epoll = epoll_of(talk.fd[side], EPOLLIN | EPOLLET | EPOLLRDHUP),
			.messages = 200,
			.answer = side == SERVER,
		};
	}
	thread_start(&threads[SERVER], edge_run, &readers[SERVER]);
	/* The server sleeps in epoll_wait() when the first byte comes. */
	usleep(20000);
	thread_start(&threads[CLIENT], edge_run, &readers[CLIENT]);
	for (int side = CLIENT; side <= SERVER; side++)
		pthread_join(threads[side], NULL);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	observe_events("server_end", epoll_poll(readers[SERVER].epoll, 3000));
	observe_int("lost_wake_ups", readers[CLIENT].timeouts + readers[SERVER].timeouts);
	talk_end(&talk);
}

static ssize_t blocked_poll(struct blocked *blocked)
{
	struct pollfd poll_fd = {.fd = blocked->fd, .events = POLLIN | POLLRDHUP};
	int ready = poll(&poll_fd, 1, 5000);

	return ready == 1 ? poll_fd.revents : ready;
}

/* A thread sleeps in poll() on a warm connection for each kind of event. */
void case_poll_sleeping(const struct options *options)
{
	struct blocked blocked = {.call = blocked_poll};
	struct talk talk;

	talk_begin(options, &talk);
	blocked.fd = talk.fd[SERVER];
	blocked_start(&blocked);
	say(&talk, CLIENT, 10);
	observe_events("data", (short)blocked_join(&blocked));
	hear(&talk, SERVER, 10);
	blocked_start(&blocked);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	observe_events("fin", (short)blocked_join(&blocked));
	talk_end(&talk);
}

/* SIGIO for each message. */
void case_sigio(const struct options *options)
{
	struct timespec limit = {.tv_sec = 2}, quiet = {.tv_nsec = 1000000};
	unsigned int signals = 0;
	struct talk talk;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	must(-pthread_sigmask(SIG_BLOCK, &set, NULL), "block SIGIO");
	talk_begin(options, &talk);
	must(fcntl(talk.fd[SERVER], F_SETOWN, getpid()), "F_SETOWN");
	must(fcntl(talk.fd[SERVER], F_SETFL, fcntl(talk.fd[SERVER], F_GETFL) | O_ASYNC), "O_ASYNC");
	for (unsigned int turn = 0; turn < 20; turn++) {
		say(&talk, CLIENT, 100);
		signals += sigtimedwait(&set, NULL, &limit) == SIGIO;
		hear(&talk, SERVER, 100);
		while (sigtimedwait(&set, NULL, &quiet) == SIGIO)
			;
	}
	observe_int("signals", signals);
	talk_end(&talk);
}
