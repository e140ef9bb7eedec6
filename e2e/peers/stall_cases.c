/* SPDX-License-Identifier: Apache-2.0 */
/* Readers that stop: what the writer can queue is bounded, and nothing of it is lost. */
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

#define MIB (1024ULL * 1024)
#define STALL_MS 300
#define STALL_LIMIT_BYTES (256 * MIB) /* a host protects itself from a queue without bound */
#define BOUNDED_BYTES (32 * MIB) /* tcp_wmem + tcp_rmem maxima are 4 + 6 MiB by default */

/* KiB of a /proc/meminfo row. */
static long meminfo_kib(const char *row)
{
	FILE *file = fopen("/proc/meminfo", "re");
	size_t length = strlen(row);
	char line[128];
	long kib = -1;

	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, row, length) && line[length] == ':')
			sscanf(line + length + 1, "%ld", &kib);
	}
	if (file)
		fclose(file);
	return kib;
}

/* Sends until there has been no room for STALL_MS; returns the bytes queued. */
static uint64_t fill(struct talk *talk, enum side side, size_t size)
{
	uint64_t before = talk->said[side];
	ssize_t sent;

	while (talk->said[side] - before < STALL_LIMIT_BYTES) {
		sent = say_some(talk, side, size, 0);
		if (sent < 0 && errno == EAGAIN) {
			if (!await_events(talk->fd[side], POLLOUT, STALL_MS))
				break;
			continue;
		}
		must(sent, "send");
	}
	return talk->said[side] - before;
}

static void stall(const struct options *options, enum side writer, struct talk *talk)
{
	uint64_t queued;

	talk_begin(options, talk);
	step("fill the queue of the stalled reader");
	queued = fill(talk, writer, 65536);
	time_int("queued_bytes", (long long)queued);
	observe_flag("bounded", queued < BOUNDED_BYTES);
	observe_events("writer_when_full", events_now(talk->fd[writer]));
	observe_events("reader_when_full", events_now(talk->fd[other(writer)]));
	step("read all that was queued");
	hear(talk, other(writer), queued);
	observe_flag("writable_again",
		     (await_events(talk->fd[writer], POLLOUT, WAIT_MS) & POLLOUT) != 0);
	observe_result("empty", hear_some(talk, other(writer), 1, 0));
	step("turns after the stall");
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(talk, 100, 100);
	convey(talk, writer, 3 * MIB);
}

/* Byte counts depend on the room that TCP found: only whether all arrived is comparable. */
static void stall_end(struct talk *talk)
{
	observe_flag("all_heard", talk->said[CLIENT] == talk->heard[SERVER] &&
					  talk->said[SERVER] == talk->heard[CLIENT]);
	observe_flag("order_ok", talk->mismatches == 0);
	talk_close(talk);
}

void case_slow_reader(const struct options *options)
{
	struct talk talk;

	stall(options, CLIENT, &talk);
	stall_end(&talk);
}

void case_slow_reader_client(const struct options *options)
{
	struct talk talk;

	stall(options, SERVER, &talk);
	stall_end(&talk);
}

static void one_byte(const struct options *options, struct talk *talk)
{
	unsigned int limit = count_or(options, 200000), messages = 0;
	long slab = meminfo_kib("Slab");
	ssize_t sent;

	step("send single bytes to the stalled reader");
	while (messages < limit) {
		sent = say_some(talk, CLIENT, 1, 0);
		if (sent < 0 && errno == EAGAIN) {
			if (!await_events(talk->fd[CLIENT], POLLOUT, STALL_MS))
				break;
			continue;
		}
		must(sent, "send");
		messages++;
	}
	time_int("messages", messages);
	time_int("slab_growth_kib", meminfo_kib("Slab") - slab);
	hear(talk, SERVER, messages);
	observe_result("empty", hear_some(talk, SERVER, 1, 0));
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(talk, 100, 100);
	stall_end(talk);
}

void case_one_byte_to_stalled_reader(const struct options *options)
{
	struct talk talk;

	talk_open(options, &talk);
	option_set(talk.fd[CLIENT], IPPROTO_TCP, TCP_NODELAY, 0);
	talk_warm_up(options, &talk);
	one_byte(options, &talk);
}

void case_one_byte_nodelay(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	one_byte(options, &talk);
}

/* Both ends fill their queues and then read: neither may wait for the other for ever. */
void case_both_stalled(const struct options *options)
{
	struct talk talk;
	uint64_t up, down;

	talk_begin(options, &talk);
	step("fill both queues");
	up = fill(&talk, CLIENT, 10000);
	down = fill(&talk, SERVER, 10000);
	observe_flag("bounded", up < BOUNDED_BYTES && down < BOUNDED_BYTES);
	time_int("queued_bytes", (long long)(up + down));
	step("drain both queues");
	hear(&talk, SERVER, up);
	hear(&talk, CLIENT, down);
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 1000, 1000);
	stall_end(&talk);
}

/* The reader pauses again and again while the writer keeps the queue full. */
struct pausing_reader {
	struct talk *talk;
	uint64_t total;
};

static void *pausing_read(void *argument)
{
	struct pausing_reader *reader = argument;
	uint64_t left = reader->total, part = 2 * MIB;

	for (; left; left -= part) {
		usleep(100000);
		part = part < left ? part : left;
		hear(reader->talk, SERVER, part);
	}
	return NULL;
}

void case_full_queue_resume(const struct options *options)
{
	struct talk talk;
	struct pausing_reader reader = {.talk = &talk, .total = 24 * MIB};
	pthread_t thread;

	talk_begin(options, &talk);
	thread_start(&thread, pausing_read, &reader);
	for (uint64_t left = reader.total; left; left -= 65536)
		say(&talk, CLIENT, 65536);
	pthread_join(thread, NULL);
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 1000, 1000);
	talk_end(&talk);
}

void case_small_buffers(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	for (int side = CLIENT; side <= SERVER; side++) {
		option_set(talk.fd[side], SOL_SOCKET, SO_SNDBUF, 4096);
		option_set(talk.fd[side], SOL_SOCKET, SO_RCVBUF, 4096);
		observe_int(side == CLIENT ? "client_sndbuf" : "server_sndbuf",
			    option_get(talk.fd[side], SOL_SOCKET, SO_SNDBUF));
		observe_int(side == CLIENT ? "client_rcvbuf" : "server_rcvbuf",
			    option_get(talk.fd[side], SOL_SOCKET, SO_RCVBUF));
	}
	convey(&talk, CLIENT, 64 * 1024);
	convey(&talk, SERVER, 64 * 1024);
	step("fill with small buffers");
	time_int("queued_bytes", (long long)fill(&talk, CLIENT, 1000));
	observe_flag("bounded", talk.said[CLIENT] - talk.heard[SERVER] < MIB);
	hear(&talk, SERVER, talk.said[CLIENT] - talk.heard[SERVER]);
	stall_end(&talk);
}
