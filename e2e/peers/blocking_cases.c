/* SPDX-License-Identifier: Apache-2.0 */
/* Readers that sleep inside recv(), low-water marks, time-outs, and sockets whose mode changes
 * late. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

static uint8_t buffer[65536];

/* A server thread that sleeps in recv() after the warm-up, whatever the mode of the client. */
static void sleeping_server(const struct options *options, struct talk *talk,
			    struct blocked *blocked)
{
	struct options server = *options;

	/* The server's mode is the subject: it blocks from the start. */
	server.nonblock = false;
	talk_open(&server, talk);
	if (options->nonblock)
		nonblock_set(talk->fd[CLIENT]);
	talk_warm_up(&server, talk);
	*blocked = (struct blocked){
		.call = blocked_recv, .fd = talk->fd[SERVER], .buffer = buffer, .length = 4096};
	step("sleep in recv");
	blocked_start(blocked);
}

static void hear_blocked(struct talk *talk, struct blocked *blocked, const char *key)
{
	ssize_t got = blocked_join(blocked);

	observe_result(key, got);
	if (got > 0)
		hear_buffer(talk, SERVER, buffer, got);
}

void case_blocking_data(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleeping_server(options, &talk, &blocked);
	say(&talk, CLIENT, 100);
	hear_blocked(&talk, &blocked, "recv");
	for (unsigned int turn = 0; turn < 200; turn++) {
		blocked_start(&blocked);
		say(&talk, CLIENT, 77);
		if (blocked_join(&blocked) != 77)
			fail("turn %u: recv returned %zd", turn, blocked.result);
		else
			hear_buffer(&talk, SERVER, buffer, 77);
	}
	talk_end(&talk);
}

void case_blocking_half_close(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleeping_server(options, &talk, &blocked);
	observe_result("shutdown", shutdown(talk.fd[CLIENT], SHUT_WR));
	hear_blocked(&talk, &blocked, "recv");
	say(&talk, SERVER, 5000);
	hear(&talk, CLIENT, 5000);
	talk_end(&talk);
}

void case_blocking_reset(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleeping_server(options, &talk, &blocked);
	close_with_reset(talk.fd[CLIENT]);
	talk.fd[CLIENT] = -1;
	hear_blocked(&talk, &blocked, "recv");
	observe_result("recv_again", recv(talk.fd[SERVER], buffer, 10, 0));
	talk_end(&talk);
}

static void on_signal(int number)
{
	(void)number;
}

static void catch_signal(int number, int flags)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};

	must(sigaction(number, &action, NULL), "sigaction");
}

void case_blocking_signal(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	catch_signal(SIGUSR1, 0);
	catch_signal(SIGUSR2, SA_RESTART);
	sleeping_server(options, &talk, &blocked);
	pthread_kill(blocked.thread, SIGUSR1);
	hear_blocked(&talk, &blocked, "recv_interrupted");
	blocked_start(&blocked);
	pthread_kill(blocked.thread, SIGUSR2);
	usleep(20000);
	say(&talk, CLIENT, 100);
	hear_blocked(&talk, &blocked, "recv_restarted");
	talk_end(&talk);
}

/* Write space of the client's own queue wakes its socket, not a reader without data. */
void case_blocking_write_space(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleeping_server(options, &talk, &blocked);
	/* The sleeping reader's own socket sends, and gets room again while it sleeps. */
	for (unsigned int i = 0; i < 40; i++)
		convey(&talk, SERVER, 100000);
	say(&talk, CLIENT, 9);
	hear_blocked(&talk, &blocked, "recv");
	talk_end(&talk);
}

void case_rcvtimeo(const struct options *options)
{
	struct timeval timeout = {.tv_usec = 150000};
	struct blocked blocked;
	struct talk talk;
	uint64_t start;
	ssize_t got;

	sleeping_server(options, &talk, &blocked);
	say(&talk, CLIENT, 10);
	hear_blocked(&talk, &blocked, "recv");
	must(setsockopt(talk.fd[SERVER], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)),
	     "set SO_RCVTIMEO");
	start = now_us();
	got = recv(talk.fd[SERVER], buffer, 10, 0);
	observe_result("recv_timeout", got);
	observe_flag("waited", now_us() - start >= 140000);
	time_int("waited_us", (long long)(now_us() - start));
	say(&talk, CLIENT, 10);
	got = recv(talk.fd[SERVER], buffer, 10, 0);
	observe_result("recv_data", got);
	hear_buffer(&talk, SERVER, buffer, got > 0 ? got : 0);
	talk_end(&talk);
}

void case_sndtimeo(const struct options *options)
{
	struct timeval timeout = {.tv_usec = 150000};
	struct options blocking = *options;
	struct talk talk;
	ssize_t sent;

	blocking.nonblock = false;
	talk_begin(&blocking, &talk);
	if (options->nonblock)
		nonblock_set(talk.fd[SERVER]);
	must(setsockopt(talk.fd[CLIENT], SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)),
	     "set SO_SNDTIMEO");
	talk.try_flags = 0;
	do {
		sent = say_some(&talk, CLIENT, 65536, 0);
	} while (sent > 0);
	observe_result("send_when_full", sent);
	talk.try_flags = MSG_DONTWAIT;
	hear(&talk, SERVER, talk.said[CLIENT] - talk.heard[SERVER]);
	observe_flag("order_ok", talk.mismatches == 0);
	talk_close(&talk);
}

/* Below the mark nothing is readable; at the mark all of it. */
static void observe_low_water(struct talk *talk)
{
	say(talk, CLIENT, 50);
	await_delivered(talk->fd[CLIENT]);
	observe_events("below_mark", await_events(talk->fd[SERVER], POLLIN, QUIET_MS));
	say(talk, CLIENT, 49);
	observe_events("one_below_mark", await_events(talk->fd[SERVER], POLLIN, QUIET_MS));
	say(talk, CLIENT, 1);
	observe_events("at_mark", await_events(talk->fd[SERVER], POLLIN, WAIT_MS));
	observe_result("recv", hear_some(talk, SERVER, 4096, 0));
}

void case_rcvlowat(const struct options *options)
{
	struct talk talk;

	talk_open(options, &talk);
	/* Low enough for the messages of the warm-up, so that the mark is there from the start. */
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_RCVLOWAT, WARM_BYTES);
	talk_warm_up(options, &talk);
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_RCVLOWAT, 100);
	observe_low_water(&talk);
	talk_end(&talk);
}

void case_rcvlowat_late(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_RCVLOWAT, 100);
	observe_low_water(&talk);
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_RCVLOWAT, 1);
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 30, 30);
	talk_end(&talk);
}

/* The mark is set while bytes are queued already. */
void case_rcvlowat_queued(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 60);
	observe_events("before_mark", await_events(talk.fd[SERVER], POLLIN, WAIT_MS));
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_RCVLOWAT, 100);
	observe_events("below_mark", await_events(talk.fd[SERVER], POLLIN, QUIET_MS));
	say(&talk, CLIENT, 40);
	observe_events("at_mark", await_events(talk.fd[SERVER], POLLIN, WAIT_MS));
	observe_result("recv", hear_some(&talk, SERVER, 4096, 0));
	talk_end(&talk);
}

void case_msg_waitall(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleeping_server(options, &talk, &blocked);
	say(&talk, CLIENT, 1);
	hear_blocked(&talk, &blocked, "recv");
	blocked.length = 5000;
	blocked.flags = MSG_WAITALL;
	blocked_start(&blocked);
	for (unsigned int part = 0; part < 5; part++) {
		say(&talk, CLIENT, 1000);
		usleep(10000);
	}
	hear_blocked(&talk, &blocked, "waitall");
	blocked_start(&blocked);
	say(&talk, CLIENT, 700);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	hear_blocked(&talk, &blocked, "waitall_cut_short");
	talk_end(&talk);
}

void case_msg_waitall_nonblock(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 500);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("waitall", hear_some(&talk, SERVER, 1000, MSG_WAITALL));
	observe_result("waitall_empty", hear_some(&talk, SERVER, 1000, MSG_WAITALL));
	talk_end(&talk);
}

/* O_NONBLOCK is cleared once the connection may be adopted; then the server sleeps in recv(). */
static void sleep_late(const struct options *options, struct talk *talk, struct blocked *blocked)
{
	talk_begin(options, talk);
	nonblock_clear(talk->fd[SERVER]);
	*blocked = (struct blocked){
		.call = blocked_recv, .fd = talk->fd[SERVER], .buffer = buffer, .length = 4096};
	step("sleep in recv");
	blocked_start(blocked);
}

void case_late_block_data(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleep_late(options, &talk, &blocked);
	for (unsigned int turn = 0; turn < 20; turn++) {
		say(&talk, CLIENT, 100);
		if (blocked_join(&blocked) == 100)
			hear_buffer(&talk, SERVER, buffer, 100);
		else
			break;
		blocked_start(&blocked);
	}
	say(&talk, CLIENT, 100);
	hear_blocked(&talk, &blocked, "last_recv");
	talk_end(&talk);
}

void case_late_block_half_close(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleep_late(options, &talk, &blocked);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	hear_blocked(&talk, &blocked, "recv");
	talk_end(&talk);
}

void case_late_block_reset(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	sleep_late(options, &talk, &blocked);
	close_with_reset(talk.fd[CLIENT]);
	talk.fd[CLIENT] = -1;
	hear_blocked(&talk, &blocked, "recv");
	talk_end(&talk);
}

void case_late_block_signal(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	catch_signal(SIGUSR1, 0);
	sleep_late(options, &talk, &blocked);
	pthread_kill(blocked.thread, SIGUSR1);
	hear_blocked(&talk, &blocked, "recv");
	talk_end(&talk);
}

/* Turns go on after the mode changed: the pair has had traffic to leave on. */
void case_late_block_after_turns(const struct options *options)
{
	struct blocked blocked;
	struct talk talk;

	talk_begin(options, &talk);
	nonblock_clear(talk.fd[SERVER]);
	talk.try_flags = MSG_DONTWAIT;
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 100, 100);
	blocked = (struct blocked){
		.call = blocked_recv, .fd = talk.fd[SERVER], .buffer = buffer, .length = 4096};
	blocked_start(&blocked);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	hear_blocked(&talk, &blocked, "recv");
	talk_end(&talk);
}
