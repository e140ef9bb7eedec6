/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a connection ends, as the other end sees it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define MIB (1024ULL * 1024)

static void observe_rest(struct talk *talk, enum side side, size_t bytes)
{
	const char *end;

	observe_int("rest_bytes", (long long)hear_to_end(talk, side, &end));
	observe_text("rest_end", end);
	if (talk->heard[side] != talk->said[other(side)] && bytes)
		fail("%zu bytes were outstanding", bytes);
}

void case_half_close(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	observe_result("shutdown", shutdown(talk.fd[CLIENT], SHUT_WR));
	observe_events("server_after_fin", await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS));
	observe_result("server_recv", hear_some(&talk, SERVER, 100, 0));
	observe_result("client_send", send(talk.fd[CLIENT], "x", 1, MSG_NOSIGNAL));
	observe_result("server_recv_again", hear_some(&talk, SERVER, 100, 0));
	convey(&talk, SERVER, MIB);
	say(&talk, SERVER, 1000);
	observe_events("client_data", await_events(talk.fd[CLIENT], POLLIN, WAIT_MS));
	observe_result("shutdown_server", shutdown(talk.fd[SERVER], SHUT_WR));
	observe_events("client_after_fin", await_events(talk.fd[CLIENT], POLLHUP, WAIT_MS));
	observe_rest(&talk, CLIENT, 1000);
	observe_events("server_closed", await_events(talk.fd[SERVER], POLLHUP, WAIT_MS));
	observe_result("server_send", say_some(&talk, SERVER, 1, 0));
	observe_result("shutdown_again", shutdown(talk.fd[CLIENT], SHUT_WR));
	talk_end(&talk);
}

void case_half_close_with_data(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 5000);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	observe_events("server", await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS));
	observe_rest(&talk, SERVER, 5000);
	observe_events("server_end", events_now(talk.fd[SERVER]));
	talk_end(&talk);
}

void case_unread_then_close(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	for (unsigned int i = 0; i < 30; i++)
		say(&talk, CLIENT, 1000);
	close(talk.fd[CLIENT]);
	talk.fd[CLIENT] = -1;
	observe_events("server", await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS));
	observe_rest(&talk, SERVER, 30000);
	talk_end(&talk);
}

static void observe_after_reset(struct talk *talk, enum side side)
{
	observe_events("events", await_events(talk->fd[side], POLLERR | POLLHUP, WAIT_MS));
	observe_result("recv", hear_some(talk, side, 100, 0));
	observe_result("recv_again", hear_some(talk, side, 100, 0));
	observe_result("send", say_some(talk, side, 1, 0));
	observe_int("so_error", option_get(talk->fd[side], SOL_SOCKET, SO_ERROR));
	observe_events("events_after", events_now(talk->fd[side]));
}

void case_reset(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	close_with_reset(talk.fd[CLIENT]);
	talk.fd[CLIENT] = -1;
	observe_after_reset(&talk, SERVER);
	talk_end(&talk);
}

/* The reset arrives while earlier bytes are still unread. */
void case_reset_after_data(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, SERVER, 100);
	await_events(talk.fd[CLIENT], POLLIN, WAIT_MS);
	close_with_reset(talk.fd[SERVER]);
	talk.fd[SERVER] = -1;
	observe_after_reset(&talk, CLIENT);
	talk_end(&talk);
}

void case_close_with_unread(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 1000);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	close(talk.fd[SERVER]);
	talk.fd[SERVER] = -1;
	observe_events("client", await_events(talk.fd[CLIENT], POLLRDHUP, WAIT_MS));
	observe_result("client_recv", hear_some(&talk, CLIENT, 100, 0));
	observe_result("client_send", say_some(&talk, CLIENT, 1, 0));
	talk_end(&talk);
}

void case_reset_with_unread(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 1000);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	close_with_reset(talk.fd[SERVER]);
	talk.fd[SERVER] = -1;
	observe_after_reset(&talk, CLIENT);
	talk_end(&talk);
}

void case_shutdown_read(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	observe_result("shutdown", shutdown(talk.fd[SERVER], SHUT_RD));
	observe_events("server", events_now(talk.fd[SERVER]));
	observe_result("recv_empty", hear_some(&talk, SERVER, 100, 0));
	observe_result("peer_send", say_some(&talk, CLIENT, 100, 0));
	observe_events("server_data", await_events(talk.fd[SERVER], POLLIN, WAIT_MS));
	usleep(QUIET_MS * 1000);
	observe_result("recv_data", hear_some(&talk, SERVER, 100, 0));
	observe_result("recv_end", hear_some(&talk, SERVER, 100, 0));
	say(&talk, SERVER, 100);
	hear(&talk, CLIENT, 100);
	talk_end(&talk);
}

static void *slow_drain(void *argument)
{
	struct talk *talk = argument;
	const char *end;

	usleep(200000);
	hear_to_end(talk, SERVER, &end);
	return (void *)end;
}

/* close() waits for the peer to take the data. */
void case_linger(const struct options *options)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 10};
	struct talk talk;
	pthread_t thread;
	uint64_t start;
	void *end;

	talk_begin(options, &talk);
	must(setsockopt(talk.fd[CLIENT], SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)),
	     "set SO_LINGER");
	while (say_some(&talk, CLIENT, 65536, 0) > 0)
		;
	thread_start(&thread, slow_drain, &talk);
	start = now_us();
	observe_result("close", close(talk.fd[CLIENT]));
	time_int("close_us", (long long)(now_us() - start));
	observe_flag("within_linger_time", now_us() - start < 9000000);
	talk.fd[CLIENT] = -1;
	pthread_join(thread, &end);
	observe_text("end", end);
	observe_flag("all_heard", talk.said[CLIENT] == talk.heard[SERVER]);
	observe_flag("order_ok", talk.mismatches == 0);
	talk_close(&talk);
}

void case_so_error(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	observe_int("healthy", option_get(talk.fd[SERVER], SOL_SOCKET, SO_ERROR));
	close_with_reset(talk.fd[CLIENT]);
	talk.fd[CLIENT] = -1;
	await_events(talk.fd[SERVER], POLLERR, WAIT_MS);
	observe_text("after_reset",
		     strerrorname_np(option_get(talk.fd[SERVER], SOL_SOCKET, SO_ERROR)));
	observe_int("read_clears_it", option_get(talk.fd[SERVER], SOL_SOCKET, SO_ERROR));
	observe_result("recv", hear_some(&talk, SERVER, 1, 0));
	observe_events("events", events_now(talk.fd[SERVER]));
	talk_end(&talk);
}

/* The first send after the peer's close is answered by RST, the second fails. */
void case_send_after_close(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	close(talk.fd[SERVER]);
	talk.fd[SERVER] = -1;
	observe_events("after_fin", await_events(talk.fd[CLIENT], POLLRDHUP, WAIT_MS));
	observe_result("first_send", say_some(&talk, CLIENT, 100, 0));
	observe_events("after_rst", await_events(talk.fd[CLIENT], POLLHUP, 1000));
	observe_result("second_send", say_some(&talk, CLIENT, 100, 0));
	observe_result("recv", hear_some(&talk, CLIENT, 100, 0));
	talk_end(&talk);
}

static volatile sig_atomic_t broken_pipes;

static void on_sigpipe(int number)
{
	(void)number;
	broken_pipes++;
}

void case_sigpipe(const struct options *options)
{
	struct sigaction action = {.sa_handler = on_sigpipe};
	struct talk talk;

	must(sigaction(SIGPIPE, &action, NULL), "sigaction");
	talk_begin(options, &talk);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	observe_result("send_nosignal", send(talk.fd[CLIENT], "x", 1, MSG_NOSIGNAL));
	observe_int("signals_without", broken_pipes);
	observe_result("send", send(talk.fd[CLIENT], "x", 1, 0));
	observe_int("signals", broken_pipes);
	talk_end(&talk);
}

/*
 * The client half-closes or closes while the server is still sending. What the server could send
 * before is not lost when the client goes on reading.
 */
void case_half_close_under_load(const struct options *options)
{
	unsigned int rounds = count_or(options, 60), whole = 0;
	int listener = listener_open(options);

	for (unsigned int round = 0; round < rounds; round++) {
		struct talk talk;
		struct flow flow = {.talk = &talk,
				    .from = SERVER,
				    .total = 512 * 1024,
				    .write_size = 5000,
				    .read_size = 20000};

		talk_connect(options, listener, &talk);
		talk_warm_up(options, &talk);
		flow_start(&flow);
		usleep(round * 20);
		shutdown(talk.fd[CLIENT], SHUT_WR);
		flow_join(&flow);
		whole += talk.mismatches == 0 && talk.heard[CLIENT] == talk.said[SERVER];
		talk_close(&talk);
	}
	observe_int("rounds", rounds);
	observe_int("whole_streams", whole);
	close(listener);
}

/* The writer closes right after its last bytes, the reader reads slowly. */
void case_close_after_burst(const struct options *options)
{
	unsigned int rounds = count_or(options, 200), whole = 0;
	int listener = listener_open(options);

	for (unsigned int round = 0; round < rounds; round++) {
		struct talk talk;
		const char *end;

		talk_connect(options, listener, &talk);
		talk_warm_up(options, &talk);
		for (unsigned int message = 0; message < 8; message++)
			say(&talk, CLIENT, 1 + (round * 97 + message * 31) % 9000);
		close(talk.fd[CLIENT]);
		talk.fd[CLIENT] = -1;
		hear_to_end(&talk, SERVER, &end);
		whole += !strcmp(end, "EOF") && talk.heard[SERVER] == talk.said[CLIENT];
		talk_close(&talk);
	}
	observe_int("rounds", rounds);
	observe_int("whole_streams", whole);
	close(listener);
}

struct child_talk {
	struct talk *talk;
	int ready;
};

static void hold_until_killed(void *argument)
{
	struct child_talk *child = argument;

	close(child->talk->fd[CLIENT]);
	must(write(child->ready, "r", 1), "tell parent");
	pause();
}

/* The process of the other end is killed: its kernel side closes the connection. */
void case_peer_killed(const struct options *options)
{
	struct child_talk child;
	struct talk talk;
	int ends[2];
	char byte;
	pid_t pid;

	talk_begin(options, &talk);
	must(pipe(ends), "pipe");
	child = (struct child_talk){&talk, ends[1]};
	say(&talk, SERVER, 700);
	pid = child_start(hold_until_killed, &child);
	must(read(ends[0], &byte, 1), "wait for child");
	close(talk.fd[SERVER]);
	talk.fd[SERVER] = -1;
	observe_events("alive", await_events(talk.fd[CLIENT], POLLIN, WAIT_MS));
	must(kill(pid, SIGKILL), "kill child");
	observe_int("child", child_join(pid));
	observe_events("killed", await_events(talk.fd[CLIENT], POLLRDHUP, WAIT_MS));
	observe_rest(&talk, CLIENT, 700);
	talk_end(&talk);
}
