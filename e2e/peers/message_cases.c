/* SPDX-License-Identifier: Apache-2.0 */
/* MSG_* flags, queue queries and odd buffers. */
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

void case_msg_peek(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("peek_40", hear_some(&talk, SERVER, 40, MSG_PEEK));
	observe_result("peek_200", hear_some(&talk, SERVER, 200, MSG_PEEK));
	observe_events("still_readable", events_now(talk.fd[SERVER]));
	observe_result("recv_60", hear_some(&talk, SERVER, 60, 0));
	say(&talk, CLIENT, 100);
	await_delivered(talk.fd[CLIENT]);
	observe_result("peek_over_messages", hear_some(&talk, SERVER, 200, MSG_PEEK));
	observe_result("recv_all", hear_some(&talk, SERVER, 200, 0));
	observe_result("peek_empty", hear_some(&talk, SERVER, 200, MSG_PEEK));
	shutdown(talk.fd[CLIENT], SHUT_WR);
	await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS);
	observe_result("peek_end", hear_some(&talk, SERVER, 200, MSG_PEEK));
	talk_end(&talk);
}

/* MSG_TRUNC discards on TCP: the buffer stays as it is. */
void case_msg_trunc(const struct options *options)
{
	uint8_t bytes[100];
	struct talk talk;
	ssize_t got;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	memset(bytes, 0, sizeof(bytes));
	got = recv(talk.fd[SERVER], bytes, 60, MSG_TRUNC | MSG_DONTWAIT);
	observe_result("recv_trunc", got);
	observe_flag("buffer_untouched", !memcmp(bytes, bytes + 50, 50) && bytes[0] == 0);
	talk.heard[SERVER] += got > 0 ? got : 0;
	observe_result("recv_rest", hear_some(&talk, SERVER, 100, 0));
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	got = recv(talk.fd[SERVER], NULL, 100, MSG_TRUNC | MSG_DONTWAIT);
	observe_result("recv_trunc_null", got);
	talk.heard[SERVER] += got > 0 ? got : 0;
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	talk_end(&talk);
}

static void observe_urgent(int fd)
{
	char bytes[16] = "";
	int at_mark = -1;

	observe_events("events", await_events(fd, POLLPRI, 1000));
	observe_result("recv_oob", recv(fd, bytes, 1, MSG_OOB | MSG_DONTWAIT));
	bytes[1] = '\0';
	observe_text("oob_byte", bytes);
	observe_result("recv_before_mark", recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT));
	must(ioctl(fd, SIOCATMARK, &at_mark), "SIOCATMARK");
	observe_int("at_mark", at_mark);
	observe_result("recv_after", recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT));
	observe_result("recv_oob_again", recv(fd, bytes, 1, MSG_OOB | MSG_DONTWAIT));
}

void case_msg_oob(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	observe_result("send", send(talk.fd[CLIENT], "abc", 3, MSG_OOB));
	observe_urgent(talk.fd[SERVER]);
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	talk_end(&talk);
}

void case_msg_oob_inline(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_OOBINLINE, 1);
	observe_result("send", send(talk.fd[CLIENT], "abc", 3, MSG_OOB));
	observe_urgent(talk.fd[SERVER]);
	talk_end(&talk);
}

/* Urgent data to a receiver that said from the start that it expects some. */
void case_msg_oob_expected(const struct options *options)
{
	struct talk talk;

	talk_open(options, &talk);
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_OOBINLINE, 1);
	talk_warm_up(options, &talk);
	observe_result("send", send(talk.fd[CLIENT], "abc", 3, MSG_OOB));
	observe_urgent(talk.fd[SERVER]);
	talk_end(&talk);
}

/* Urgent data behind bytes that are still queued. */
void case_msg_oob_after_data(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	observe_result("send_data", send(talk.fd[CLIENT], "first", 5, 0));
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("send_urgent", send(talk.fd[CLIENT], "!", 1, MSG_OOB));
	observe_urgent(talk.fd[SERVER]);
	talk_end(&talk);
}

static void observe_queued(const char *key, int fd)
{
	int bytes = -1;

	must(ioctl(fd, FIONREAD, &bytes), "FIONREAD");
	observe_int(key, bytes);
}

void case_fionread(const struct options *options)
{
	struct talk talk;
	int unsent = -1;

	talk_open(options, &talk);
	say(&talk, CLIENT, 64);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_queued("before_warm_up", talk.fd[SERVER]);
	hear(&talk, SERVER, 64);
	talk_warm_up(options, &talk);
	observe_queued("empty", talk.fd[SERVER]);
	say(&talk, CLIENT, 64);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_queued("one_message", talk.fd[SERVER]);
	say(&talk, CLIENT, 100);
	await_delivered(talk.fd[CLIENT]);
	observe_queued("two_messages", talk.fd[SERVER]);
	hear(&talk, SERVER, 30);
	observe_queued("after_part", talk.fd[SERVER]);
	hear(&talk, SERVER, 134);
	observe_queued("drained", talk.fd[SERVER]);
	must(ioctl(talk.fd[CLIENT], SIOCOUTQNSD, &unsent), "SIOCOUTQNSD");
	observe_int("unsent", unsent);
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_queued("after_turns", talk.fd[SERVER]);
	hear(&talk, SERVER, 100);
	talk_end(&talk);
}

/* Reads whose size FIONREAD gave, as event loops do; returns how often it was not the size sent. */
static unsigned int wrong_sizes(const struct options *options, struct talk *talk,
				unsigned int rounds)
{
	unsigned int wrong = 0;

	for (unsigned int round = 0; round < rounds; round++) {
		size_t size = 1 + pattern_mix(options->seed + round) % 3000;
		int queued = 0;

		say(talk, CLIENT, size);
		await_events(talk->fd[SERVER], POLLIN, WAIT_MS);
		must(ioctl(talk->fd[SERVER], FIONREAD, &queued), "FIONREAD");
		wrong += (size_t)queued != size;
		hear(talk, SERVER, size);
		say(talk, SERVER, 10);
		hear(talk, CLIENT, 10);
	}
	return wrong;
}

/* The first FIONREAD of the process comes when the connection may already be accelerated. */
void case_fionread_first_use(const struct options *options)
{
	unsigned int rounds = count_or(options, 100);
	struct talk talk;

	talk_begin(options, &talk);
	observe_int("wrong_at_first", wrong_sizes(options, &talk, rounds));
	/* Time enough for the pair to leave. */
	usleep(1500000);
	talk_turn(&talk, 100, 100);
	observe_int("wrong_later", wrong_sizes(options, &talk, rounds));
	talk_end(&talk);
}

/* The process has used FIONREAD before this connection was made. */
void case_fionread_reader(const struct options *options)
{
	struct talk first, talk;

	talk_open(options, &first);
	observe_int("first_connection", wrong_sizes(options, &first, 3));
	talk_close(&first);
	talk_begin(options, &talk);
	observe_int("wrong_sizes", wrong_sizes(options, &talk, count_or(options, 500)));
	talk_end(&talk);
}

void case_zero_length(const struct options *options)
{
	struct talk talk;
	uint8_t byte;

	talk_begin(options, &talk);
	observe_result("send", send(talk.fd[CLIENT], "", 0, MSG_NOSIGNAL));
	observe_events("events", await_events(talk.fd[SERVER], POLLIN, QUIET_MS));
	say(&talk, CLIENT, 10);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("recv", recv(talk.fd[SERVER], &byte, 0, MSG_DONTWAIT));
	hear(&talk, SERVER, 10);
	talk_end(&talk);
}

/* Buffers that do not exist: the error is EFAULT, and no byte is lost. */
void case_bad_buffer(const struct options *options)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *memory =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct talk talk;

	if (memory == MAP_FAILED)
		fatal("mmap failed");
	must(munmap(memory + page, page), "munmap");
	talk_begin(options, &talk);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("recv", recv(talk.fd[SERVER], memory + page, 100, MSG_DONTWAIT));
	observe_events("after_bad_recv", events_now(talk.fd[SERVER]));
	hear(&talk, SERVER, 100);
	observe_result("send", send(talk.fd[CLIENT], memory + page, 100, MSG_NOSIGNAL));
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	talk_end(&talk);
}

/* MSG_MORE and TCP_CORK hold bytes back; what follows may not overtake them. */
void case_cork(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	for (unsigned int round = 0; round < 20; round++) {
		observe_result(round ? "more_again" : "more",
			       say_some(&talk, CLIENT, 100, MSG_MORE));
		if (round == 0)
			time_int("held_back", !await_events(talk.fd[SERVER], POLLIN, QUIET_MS));
		say(&talk, CLIENT, 50);
		hear(&talk, SERVER, 150);
		if (round == 0)
			continue;
		option_set(talk.fd[CLIENT], IPPROTO_TCP, TCP_CORK, 1);
		say(&talk, CLIENT, 10);
		say(&talk, CLIENT, 20);
		option_set(talk.fd[CLIENT], IPPROTO_TCP, TCP_CORK, 0);
		hear(&talk, SERVER, 30);
		break;
	}
	talk_end(&talk);
}

/* Corked bytes are outstanding in TCP when the cork is forgotten about: they go out after 200 ms.
 */
void case_cork_timer(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	option_set(talk.fd[CLIENT], IPPROTO_TCP, TCP_CORK, 1);
	say(&talk, CLIENT, 10);
	time_int("held_back", !await_events(talk.fd[SERVER], POLLIN, QUIET_MS));
	hear(&talk, SERVER, 10);
	option_set(talk.fd[CLIENT], IPPROTO_TCP, TCP_CORK, 0);
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	talk_end(&talk);
}
