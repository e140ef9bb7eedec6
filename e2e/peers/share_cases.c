/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets that several processes, descriptors or threads use. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

/* A child that carries on the conversation and tells its parent by its exit code whether all was
 * right. */
struct heir {
	struct talk *talk;
	int channel;
};

static void child_half(void *argument)
{
	struct heir *heir = argument;

	close(heir->talk->fd[CLIENT]);
	hear(heir->talk, SERVER, 1000);
	say(heir->talk, SERVER, 3000);
	_exit(heir->talk->mismatches ? 1 : 0);
}

/* Parent and child read and write one socket by turns; the child's exit does not close it. */
void case_fork_shared(const struct options *options)
{
	struct heir heir;
	struct talk talk;
	unsigned int failed = 0;
	pid_t child;

	talk_begin(options, &talk);
	heir.talk = &talk;
	for (unsigned int round = 0; round < 5; round++) {
		child = child_start(child_half, &heir);
		say(&talk, CLIENT, 1000);
		hear(&talk, CLIENT, 3000);
		failed += child_join(child) != 0;
		/* What the child said and heard counts for the parent's copy too. */
		talk.heard[SERVER] += 1000;
		talk.said[SERVER] += 3000;
		talk_turn(&talk, 500, 500);
	}
	observe_int("failed_children", failed);
	observe_events("server", events_now(talk.fd[SERVER]));
	close(talk.fd[CLIENT]);
	talk.fd[CLIENT] = -1;
	await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS);
	observe_result("end", hear_some(&talk, SERVER, 10, 0));
	talk_end(&talk);
}

void case_dup(const struct options *options)
{
	struct talk talk;
	int copy;

	talk_begin(options, &talk);
	copy = must(dup(talk.fd[SERVER]), "dup");
	close(talk.fd[SERVER]);
	talk.fd[SERVER] = copy;
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 10000);
	copy = must(dup(talk.fd[CLIENT]), "dup");
	close(talk.fd[CLIENT]);
	observe_events("open_copy", await_events(talk.fd[SERVER], POLLRDHUP, QUIET_MS));
	say(&talk, SERVER, 100);
	talk.fd[CLIENT] = copy;
	hear(&talk, CLIENT, 100);
	close(copy);
	talk.fd[CLIENT] = -1;
	observe_events("closed", await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS));
	talk_end(&talk);
}

static void send_descriptor(int channel, int fd)
{
	char byte = 'f', control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	must(sendmsg(channel, &message, 0), "send descriptor");
}

static int receive_descriptor(int channel)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header;
	int fd = -1;

	must(recvmsg(channel, &message, 0), "receive descriptor");
	header = CMSG_FIRSTHDR(&message);
	if (header)
		memcpy(&fd, CMSG_DATA(header), sizeof(int));
	return must(fd, "descriptor in message");
}

static void heir_process(void *argument)
{
	struct heir *heir = argument;

	close(heir->talk->fd[CLIENT]);
	close(heir->talk->fd[SERVER]);
	heir->talk->fd[SERVER] = receive_descriptor(heir->channel);
	hear(heir->talk, SERVER, 700);
	say(heir->talk, SERVER, 20000);
	hear(heir->talk, SERVER, 5);
	_exit(heir->talk->mismatches ? 1 : 0);
}

/* The server's end moves to another process, with bytes queued. */
void case_fd_passing(const struct options *options)
{
	struct heir heir;
	struct talk talk;
	int channel[2];
	pid_t child;

	talk_begin(options, &talk);
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, channel), "socketpair");
	heir = (struct heir){&talk, channel[1]};
	child = child_start(heir_process, &heir);
	say(&talk, CLIENT, 700);
	send_descriptor(channel[0], talk.fd[SERVER]);
	close(talk.fd[SERVER]);
	talk.fd[SERVER] = -1;
	talk.said[SERVER] += 20000;
	hear(&talk, CLIENT, 20000);
	say(&talk, CLIENT, 5);
	observe_int("child", child_join(child));
	observe_events("closed", await_events(talk.fd[CLIENT], POLLRDHUP, WAIT_MS));
	talk_end(&talk);
}

/*
 * Frames of many writers on one socket: { writer, serial, length, bytes that follow from both }. A
 * reader checks that each writer's frames are whole and in its order.
 */
#define WRITERS 4

struct frame {
	uint32_t writer;
	uint32_t serial;
	uint32_t length;
	uint32_t check;
};

struct frames {
	int out;
	int in;
	int flags;
	size_t size; /* bytes after the header */
	unsigned int per_writer;
	bool locked; /* one writer at a time: messages larger than the socket buffer */
	pthread_mutex_t lock;
	unsigned int read; /* frames, for the window of unlocked writers */
	unsigned int broken;
};

struct frame_writer {
	struct frames *frames;
	uint32_t number;
	pthread_t thread;
};

static void write_fully(struct frames *frames, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t sent = send(frames->out, bytes, length, frames->flags | MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN) {
			await_events(frames->out, POLLOUT, WAIT_MS);
			continue;
		}
		must(sent, "send frame");
		if (!frames->locked && (size_t)sent != length)
			fatal("a frame was cut");
		bytes += sent;
		length -= sent;
	}
}

static void *write_frames(void *argument)
{
	struct frame_writer *writer = argument;
	struct frames *frames = writer->frames;
	static _Thread_local uint8_t bytes[sizeof(struct frame) + 300000];

	for (uint32_t serial = 0; serial < frames->per_writer; serial++) {
		struct frame head = {writer->number, serial, (uint32_t)frames->size, 0x5a5a5a5a};

		memcpy(bytes, &head, sizeof(head));
		pattern_fill(pattern_mix(writer->number << 20 | serial), 0, bytes + sizeof(head),
			     frames->size);
		/* A small window keeps unlocked frames whole: the socket always has room for them.
		 */
		while (!frames->locked &&
		       serial > __atomic_load_n(&frames->read, __ATOMIC_ACQUIRE) / WRITERS + 4)
			sched_yield();
		if (frames->locked)
			pthread_mutex_lock(&frames->lock);
		write_fully(frames, bytes, sizeof(head) + frames->size);
		if (frames->locked)
			pthread_mutex_unlock(&frames->lock);
	}
	return NULL;
}

static void read_fully(struct frames *frames, uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t got;

		if (!await_events(frames->in, POLLIN, WAIT_MS))
			fatal("frames did not arrive");
		got = recv(frames->in, bytes, length, frames->flags);
		if (got < 0 && errno == EAGAIN)
			continue;
		if (must(got, "recv frame") == 0)
			fatal("end of stream inside a frame");
		bytes += got;
		length -= got;
	}
}

static void read_frames(struct frames *frames)
{
	static uint8_t bytes[300000];
	uint32_t next[WRITERS] = {0};

	for (unsigned int i = 0; i < WRITERS * frames->per_writer; i++) {
		struct frame head;
		uint64_t seed;

		read_fully(frames, (uint8_t *)&head, sizeof(head));
		if (head.check != 0x5a5a5a5a || head.writer >= WRITERS ||
		    head.length != frames->size || head.serial != next[head.writer]++)
			fatal("frame %u has a wrong header", i);
		read_fully(frames, bytes, head.length);
		seed = pattern_mix(head.writer << 20 | head.serial);
		frames->broken += pattern_check(seed, 0, bytes, head.length) != head.length;
		__atomic_add_fetch(&frames->read, 1, __ATOMIC_RELEASE);
	}
}

static void run_frames(const struct options *options, struct frames *frames)
{
	struct frame_writer writers[WRITERS];
	struct talk talk;

	talk_begin(options, &talk);
	frames->out = talk.fd[CLIENT];
	frames->in = talk.fd[SERVER];
	frames->flags = talk.try_flags;
	pthread_mutex_init(&frames->lock, NULL);
	for (uint32_t i = 0; i < WRITERS; i++) {
		writers[i] = (struct frame_writer){.frames = frames, .number = i};
		thread_start(&writers[i].thread, write_frames, &writers[i]);
	}
	read_frames(frames);
	for (uint32_t i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	observe_int("frames", frames->read);
	observe_int("broken_frames", frames->broken);
	observe_result("empty", hear_some(&talk, SERVER, 1, 0));
	talk_close(&talk);
}

void case_many_threads_big(const struct options *options)
{
	struct frames frames = {
		.size = 250000, .per_writer = count_or(options, 30), .locked = true};

	run_frames(options, &frames);
}

void case_many_threads_small(const struct options *options)
{
	struct frames frames = {.size = 500, .per_writer = count_or(options, 3000)};

	run_frames(options, &frames);
}

/* Two blocking writers of messages larger than the buffers: TCP lets them interleave, but loses
 * nothing. */
struct raw_writer {
	int fd;
	uint8_t letter;
	size_t total;
	pthread_t thread;
};

static void *write_letters(void *argument)
{
	struct raw_writer *writer = argument;
	static _Thread_local uint8_t bytes[1 << 20];
	size_t left = writer->total;

	memset(bytes, writer->letter, sizeof(bytes));
	while (left) {
		size_t part = left < sizeof(bytes) ? left : sizeof(bytes);
		ssize_t sent = send(writer->fd, bytes, part, MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN) {
			await_events(writer->fd, POLLOUT, WAIT_MS);
			continue;
		}
		left -= must(sent, "send");
	}
	return NULL;
}

void case_two_big_writers(const struct options *options)
{
	struct raw_writer writers[2] = {{.letter = 'a', .total = 12 << 20},
					{.letter = 'b', .total = 12 << 20}};
	static uint8_t bytes[65536];
	size_t counts[256] = {0}, total = 0;
	struct talk talk;

	talk_begin(options, &talk);
	for (int i = 0; i < 2; i++) {
		writers[i].fd = talk.fd[CLIENT];
		thread_start(&writers[i].thread, write_letters, &writers[i]);
	}
	while (total < 24 << 20) {
		ssize_t got;

		if (!await_events(talk.fd[SERVER], POLLIN, WAIT_MS))
			fatal("letters did not arrive");
		got = recv(talk.fd[SERVER], bytes, sizeof(bytes), MSG_DONTWAIT);
		if (got < 0 && errno == EAGAIN)
			continue;
		if (must(got, "recv") == 0)
			fatal("early end of stream");
		for (ssize_t i = 0; i < got; i++)
			counts[bytes[i]]++;
		total += got;
	}
	for (int i = 0; i < 2; i++)
		pthread_join(writers[i].thread, NULL);
	observe_int("a", (long long)counts['a']);
	observe_int("b", (long long)counts['b']);
	talk_close(&talk);
}
