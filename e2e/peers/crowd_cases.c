/* SPDX-License-Identifier: Apache-2.0 */
/* Many vectors, readers and connections at once, and ends that come all at once. */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define CROWD 400
#define SMALL 16

/* As many vectors as the kernel takes, and one more. */
void case_many_vectors(const struct options *options)
{
	static unsigned char sent[IOV_MAX * SMALL], got[IOV_MAX * SMALL];
	static struct iovec parts[IOV_MAX + 1];
	struct talk talk;
	size_t heard = 0;

	talk_begin(options, &talk);
	say_buffer(&talk, CLIENT, sent, sizeof(sent));
	for (int i = 0; i <= IOV_MAX; i++)
		parts[i] = (struct iovec){sent + (i % IOV_MAX) * SMALL, SMALL};
	observe_result("too_many", writev(talk.fd[CLIENT], parts, IOV_MAX + 1));
	observe_result("writev", writev(talk.fd[CLIENT], parts, IOV_MAX));
	for (int i = 0; i < IOV_MAX; i++)
		parts[i].iov_base = got + i * SMALL;
	while (heard < sizeof(got)) {
		ssize_t more;

		await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
		more = readv(talk.fd[SERVER], parts, IOV_MAX);
		if (more <= 0)
			fatal("readv: %s", strerror(errno));
		hear_buffer(&talk, SERVER, got, more);
		heard += more;
	}
	talk_end(&talk);
}

/* One byte at a time out of a large message. */
void case_single_byte_reads(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	for (unsigned int round = 0; round < 4; round++) {
		say(&talk, CLIENT, 8000);
		for (unsigned int i = 0; i < 8000; i++)
			hear(&talk, SERVER, 1);
		talk_turn(&talk, 1, 1);
	}
	observe_result("recv_empty", hear_some(&talk, SERVER, 1, 0));
	talk_end(&talk);
}

/* Threads that share one receiving end: each byte reaches exactly one of them. */
struct shared_reader {
	struct talk *talk;
	uint64_t *heard;
};

static void *shared_read(void *argument)
{
	struct shared_reader *reader = argument;
	char bytes[512];

	for (;;) {
		ssize_t got;

		await_events(reader->talk->fd[SERVER], POLLIN | POLLRDHUP, WAIT_MS);
		got = recv(reader->talk->fd[SERVER], bytes, sizeof(bytes), MSG_DONTWAIT);
		if (got == 0)
			return NULL;
		if (got < 0 && errno != EAGAIN)
			fatal("shared reader: %s", strerror(errno));
		if (got > 0)
			__atomic_add_fetch(reader->heard, got, __ATOMIC_RELAXED);
	}
}

void case_shared_readers(const struct options *options)
{
	struct shared_reader reader;
	pthread_t threads[3];
	uint64_t heard = 0;
	struct talk talk;

	talk_begin(options, &talk);
	reader = (struct shared_reader){&talk, &heard};
	for (int i = 0; i < 3; i++)
		thread_start(&threads[i], shared_read, &reader);
	for (unsigned int i = 0; i < 2000; i++)
		say(&talk, CLIENT, 1 + pattern_mix(i) % 1000);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	observe_flag("all_bytes_once", heard == talk.said[CLIENT] - talk.heard[SERVER]);
	talk_close(&talk);
}

/* Many connections in one epoll, whose turns interleave. */
void case_crowd(const struct options *options)
{
	static struct talk talks[CROWD];
	int listener = listener_open(options);
	unsigned int wrong = 0;

	for (int i = 0; i < CROWD; i++)
		talk_connect(options, listener, &talks[i]);
	for (unsigned int turn = 0; turn < 12; turn++) {
		for (int i = 0; i < CROWD; i++)
			say(&talks[i], CLIENT, 200);
		for (int i = 0; i < CROWD; i++)
			hear(&talks[i], SERVER, 200);
		for (int i = 0; i < CROWD; i++)
			say(&talks[i], SERVER, 400);
		for (int i = 0; i < CROWD; i++)
			hear(&talks[i], CLIENT, 400);
	}
	for (int i = 0; i < CROWD; i++) {
		wrong += talks[i].mismatches;
		talk_close(&talks[i]);
	}
	observe_int("connections", CROWD);
	observe_int("wrong", wrong);
	close(listener);
}

/* Both ends half-close behind data at once. */
void case_both_half_close(const struct options *options)
{
	const char *end;
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 3000);
	say(&talk, SERVER, 4000);
	observe_result("client_shutdown", shutdown(talk.fd[CLIENT], SHUT_WR));
	observe_result("server_shutdown", shutdown(talk.fd[SERVER], SHUT_WR));
	observe_int("client_bytes", hear_to_end(&talk, CLIENT, &end));
	observe_text("client_end", end);
	observe_int("server_bytes", hear_to_end(&talk, SERVER, &end));
	observe_text("server_end", end);
	observe_events("after", await_events(talk.fd[CLIENT], POLLHUP, WAIT_MS));
	observe_result("send_after", say_some(&talk, CLIENT, 10, 0));
	talk_end(&talk);
}

/* SHUT_RDWR behind data that the peer has not read. */
void case_shutdown_both(const struct options *options)
{
	const char *end;
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 3000);
	observe_result("shutdown", shutdown(talk.fd[CLIENT], SHUT_RDWR));
	observe_result("send", say_some(&talk, CLIENT, 10, 0));
	observe_result("recv", hear_some(&talk, CLIENT, 10, 0));
	observe_result("shutdown_again", shutdown(talk.fd[CLIENT], SHUT_RDWR));
	observe_int("server_bytes", hear_to_end(&talk, SERVER, &end));
	observe_text("server_end", end);
	talk_end(&talk);
}

/* Established connections outlive their listener; those that nobody accepted do not. */
void case_listener_closed(const struct options *options)
{
	int listener = listener_open(options);
	struct endpoint target;
	struct talk talk;
	char byte = 'x';
	int waiting;

	talk_connect(options, listener, &talk);
	talk_warm_up(options, &talk);
	listener_target(options, listener, &target);
	waiting = client_socket(options);
	client_connect(waiting, &target);
	observe_result("send_unaccepted", send(waiting, &byte, 1, MSG_NOSIGNAL));
	await_delivered(waiting);
	close(listener);
	observe_events("unaccepted", await_events(waiting, POLLIN, WAIT_MS));
	observe_result("recv_unaccepted", recv(waiting, &byte, 1, MSG_DONTWAIT));
	close(waiting);
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 300, 300);
	talk_end(&talk);
}

/* An MPTCP client whose server knows TCP only. */
void case_mptcp_fallback(const struct options *options)
{
	int listener = listener_open(options);
	struct endpoint target;
	struct talk talk;
	struct pair pair;

	pair.client = client_socket_of(options, IPPROTO_MPTCP);
	listener_target(options, listener, &target);
	client_connect(pair.client, &target);
	pair.server = server_accept(options, listener);
	talk_init(options, &talk, &pair);
	talk_warm_up(options, &talk);
	convey(&talk, CLIENT, 1 << 20);
	convey(&talk, SERVER, 1 << 20);
	talk_end(&talk);
	close(listener);
}
