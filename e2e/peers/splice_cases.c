/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that move through pipes and files. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define SPLICE_GIVE_UP_US 1500000
#define SPLICE_ONLY_US 8000000

/* Splices length bytes out of the server's socket; gives up when events come without bytes. */
static size_t splice_in(struct talk *talk, size_t length)
{
	uint64_t deadline = now_us() + SPLICE_GIVE_UP_US;
	static uint8_t bytes[65536];
	size_t total = 0;
	int ends[2];

	must(pipe(ends), "pipe");
	while (total < length && now_us() < deadline) {
		ssize_t got;

		if (!await_events(talk->fd[SERVER], POLLIN, SPLICE_GIVE_UP_US / 1000))
			break;
		got = splice(talk->fd[SERVER], NULL, ends[1], NULL, length - total,
			     SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
		if (got < 0 && errno == EAGAIN)
			continue;
		if (must(got, "splice") == 0)
			break;
		must(read(ends[0], bytes, got), "read pipe");
		hear_buffer(talk, SERVER, bytes, got);
		total += got;
	}
	close(ends[0]);
	close(ends[1]);
	return total;
}

static void splice_turns(struct talk *talk)
{
	step("splice");
	for (unsigned int turn = 0; turn < 10; turn++) {
		size_t got;

		say(talk, CLIENT, 10000);
		got = splice_in(talk, 10000);
		if (got != 10000) {
			observe_int("stuck_turn", turn);
			observe_int("stuck_bytes", (long long)got);
			/* recv() finds what splice() did not. */
			hear(talk, SERVER, 10000 - got);
			break;
		}
		say(talk, SERVER, 100);
		hear(talk, CLIENT, 100);
	}
}

/* The first splice of the process comes when the connection may already be accelerated. */
void case_splice_first_use(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	splice_turns(&talk);
	talk_end(&talk);
}

/* A reader that knows no other way than splice() is not left hanging. */
void case_splice_only_reader(const struct options *options)
{
	uint64_t deadline = now_us() + SPLICE_ONLY_US;
	struct talk talk;
	ssize_t got = -1;
	int ends[2];

	talk_begin(options, &talk);
	say(&talk, CLIENT, 10000);
	must(pipe(ends), "pipe");
	errno = EAGAIN;
	while (got < 0 && errno == EAGAIN && now_us() < deadline) {
		await_events(talk.fd[SERVER], POLLIN, 100);
		got = splice(talk.fd[SERVER], NULL, ends[1], NULL, 10000, SPLICE_F_NONBLOCK);
	}
	observe_result("spliced", got);
	observe_flag("in_time", now_us() < deadline);
	close(ends[0]);
	close(ends[1]);
	talk_close(&talk);
}

/* The process has used splice before this connection was made. */
void case_splice_from_socket(const struct options *options)
{
	struct talk first, talk;

	talk_open(options, &first);
	say(&first, CLIENT, 100);
	observe_int("first_connection", (long long)splice_in(&first, 100));
	talk_close(&first);
	talk_begin(options, &talk);
	splice_turns(&talk);
	talk_end(&talk);
}

/* Turns with recv() go on after the first splice: the pair has had traffic to leave on. */
void case_splice_after_turns(const struct options *options)
{
	struct talk talk;
	int ends[2];

	talk_begin(options, &talk);
	must(pipe(ends), "pipe");
	/* On a blocking socket it would wait for data: SPLICE_F_NONBLOCK concerns the pipe. */
	if (options->nonblock)
		observe_result("splice_empty", splice(talk.fd[SERVER], NULL, ends[1], NULL, 100,
						      SPLICE_F_NONBLOCK));
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 100, 100);
	splice_turns(&talk);
	talk_end(&talk);
}

/* A memory file with the next length bytes of the client's pattern. */
static int pattern_file(struct talk *talk, size_t length)
{
	int file = must(memfd_create("pattern", MFD_CLOEXEC), "memfd_create");
	static uint8_t bytes[1024 * 1024];

	pattern_fill(pattern_mix(talk->seed + CLIENT), talk->said[CLIENT], bytes, length);
	must(write(file, bytes, length), "write memfd");
	return file;
}

static void send_file(struct talk *talk, size_t length)
{
	int file = pattern_file(talk, length);
	off_t offset = 0;

	while ((size_t)offset < length) {
		off_t before = offset;
		ssize_t sent = sendfile(talk->fd[CLIENT], file, &offset, length - offset);

		if (sent < 0 && errno == EAGAIN)
			fatal("no room for sendfile");
		must(sent, "sendfile");
		talk->said[CLIENT] += offset - before;
		hear(talk, SERVER, offset - before);
	}
	close(file);
}

void case_sendfile(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	for (unsigned int turn = 0; turn < 10; turn++) {
		send_file(&talk, 1 + turn * 3500);
		say(&talk, CLIENT, 10);
		hear(&talk, SERVER, 10);
		say(&talk, SERVER, 10);
		hear(&talk, CLIENT, 10);
	}
	talk_end(&talk);
}

void case_splice_to_socket(const struct options *options)
{
	struct talk talk;
	int ends[2];

	talk_begin(options, &talk);
	must(pipe(ends), "pipe");
	for (unsigned int turn = 0; turn < 20; turn++) {
		uint8_t bytes[3000];
		ssize_t sent;

		pattern_fill(pattern_mix(talk.seed + CLIENT), talk.said[CLIENT], bytes, 3000);
		must(write(ends[1], bytes, 3000), "write pipe");
		sent = must(splice(ends[0], NULL, talk.fd[CLIENT], NULL, 3000, 0), "splice");
		talk.said[CLIENT] += sent;
		hear(&talk, SERVER, sent);
		say(&talk, CLIENT, 5);
		hear(&talk, SERVER, 5);
		say(&talk, SERVER, 5);
		hear(&talk, CLIENT, 5);
	}
	talk_end(&talk);
}
