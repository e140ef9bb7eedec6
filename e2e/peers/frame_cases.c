/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that write frames to one socket at once: none may be torn. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cases.h"
#include "fault.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

/*
 * Frames of many writers on one socket: { writer, serial, length, bytes that follow from both }. A
 * reader checks that each writer's frames are whole and in its order.
 */
#define WRITERS 4
#define WRITERS_MAX 16

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
	unsigned int writers; /* at most WRITERS_MAX */
	unsigned int per_writer;
	bool split; /* the reader lets others run between header and bytes */
	bool locked; /* one writer at a time: messages larger than the socket buffer */
	pthread_mutex_t lock;
	unsigned int read; /* frames, for the window of unlocked writers */
	unsigned int broken;
};

struct frame_writer {
	struct frames *frames;
	uint32_t number;
	pid_t thread_id;
	bool has_ended;
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

	__atomic_store_n(&writer->thread_id, gettid(), __ATOMIC_RELEASE);
	for (uint32_t serial = 0; serial < frames->per_writer; serial++) {
		struct frame head = {writer->number, serial, (uint32_t)frames->size, 0x5a5a5a5a};

		memcpy(bytes, &head, sizeof(head));
		pattern_fill(pattern_mix(writer->number << 20 | serial), 0, bytes + sizeof(head),
			     frames->size);
		/* A small window keeps unlocked frames whole: the socket always has room for them.
		 */
		while (!frames->locked &&
		       serial > __atomic_load_n(&frames->read, __ATOMIC_ACQUIRE) / frames->writers + 4)
			sched_yield();
		if (frames->locked)
			pthread_mutex_lock(&frames->lock);
		write_fully(frames, bytes, sizeof(head) + frames->size);
		if (frames->locked)
			pthread_mutex_unlock(&frames->lock);
	}
	__atomic_store_n(&writer->has_ended, true, __ATOMIC_RELEASE);
	return NULL;
}

static void read_fully(struct frames *frames, uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t got;

		/* At once: what arrives a moment later must not be missed by having waited. */
		got = recv(frames->in, bytes, length, frames->flags);
		if (got < 0 && errno == EAGAIN) {
			if (!await_events(frames->in, POLLIN, WAIT_MS))
				fatal("frames did not arrive");
			continue;
		}
		if (must(got, "recv frame") == 0)
			fatal("end of stream inside a frame");
		bytes += got;
		length -= got;
	}
}

static void read_frames(struct frames *frames)
{
	static uint8_t bytes[300000];
	uint32_t next[WRITERS_MAX] = {0};

	for (unsigned int i = 0; i < frames->writers * frames->per_writer; i++) {
		struct frame head;
		uint64_t seed;

		read_fully(frames, (uint8_t *)&head, sizeof(head));
		if (head.check != 0x5a5a5a5a || head.writer >= frames->writers ||
		    head.length != frames->size || head.serial != next[head.writer]++)
			fatal("frame %u has a wrong header", i);
		if (frames->split)
			usleep(1000);
		read_fully(frames, bytes, head.length);
		seed = pattern_mix(head.writer << 20 | head.serial);
		frames->broken += pattern_check(seed, 0, bytes, head.length) != head.length;
		__atomic_add_fetch(&frames->read, 1, __ATOMIC_RELEASE);
	}
}

static void run_frames(const struct options *options, struct frames *frames)
{
	struct frame_writer writers[WRITERS] = {0};
	struct talk talk;

	frames->writers = WRITERS;
	talk_begin(options, &talk);
	frames->out = talk.fd[CLIENT];
	frames->in = talk.fd[SERVER];
	frames->flags = talk.try_flags;
	pthread_mutex_init(&frames->lock, NULL);
	for (uint32_t i = 0; i < WRITERS; i++) {
		writers[i].frames = frames;
		writers[i].number = i;
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

/*
 * A reader that sleeps in a page fault inside recv() with the lock of its socket, and then reads on at
 * once. Writers who cannot wait for it find a way past those who do.
 */
#define QUEUED_BYTES 1100 /* times the messages: more than TCP has room for beside them */
#define QUEUED_MAX 62

struct faulting_reader {
	struct frames *frames;
	struct talk *talk;
	uint8_t *page;
	size_t page_size;
	size_t queued; /* bytes before the frames */
	int fault;
	pthread_t thread;
};

static void *read_past_fault(void *argument)
{
	static uint8_t bytes[QUEUED_MAX * QUEUED_BYTES];
	struct sched_param priority = {.sched_priority = 1};
	struct faulting_reader *reader = argument;
	size_t size = reader->page_size;
	/* First the page, so that all is still queued while the reader sleeps. */
	struct iovec parts[] = {{reader->page, size}, {bytes + size, reader->queued - size}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t got;

	/* Writers that wake up do not preempt it. */
	must(sched_setscheduler(0, SCHED_FIFO, &priority), "SCHED_FIFO");
	got = recvmsg(reader->talk->fd[SERVER], &message, MSG_DONTWAIT);
	read_frames(reader->frames);
	if ((size_t)must(got, "recvmsg") != reader->queued)
		fatal("%zd bytes were queued", got);
	memcpy(bytes, reader->page, size);
	hear_buffer(reader->talk, SERVER, bytes, reader->queued);
	return NULL;
}

static void stay_on_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(sched_setaffinity(0, sizeof(one), &one), "sched_setaffinity");
}

static void await_writer(struct frame_writer *writer)
{
	uint64_t deadline = now_us() + 1000ULL * WAIT_MS;

	while (!__atomic_load_n(&writer->has_ended, __ATOMIC_ACQUIRE) &&
	       !thread_sleeps(&writer->thread_id)) {
		if (now_us() > deadline)
			fatal("a writer neither wrote nor slept");
	}
}

/* The other writers, one after the other, when the first one has written or sleeps on its way. */
struct late_writers {
	struct frames *frames;
	struct faulting_reader *reader;
	struct frame_writer each[WRITERS_MAX];
};

static void *start_late_writers(void *argument)
{
	struct late_writers *late = argument;

	await_writer(&late->each[0]);
	for (uint32_t i = 1; i < late->frames->writers; i++) {
		thread_start(&late->each[i].thread, write_frames, &late->each[i]);
		await_writer(&late->each[i]);
	}
	page_supply(late->reader->fault, late->reader->page, late->reader->page_size);
	for (uint32_t i = 1; i < late->frames->writers; i++)
		pthread_join(late->each[i].thread, NULL);
	return NULL;
}

/* The first writer is the thread that sent all before. */
static void write_behind_reader(const struct options *options, unsigned int queued_messages,
				struct frames *frames)
{
	struct faulting_reader reader = {.frames = frames, .page_size = sysconf(_SC_PAGESIZE)};
	struct late_writers late = {.frames = frames, .reader = &reader};
	struct pollfd faulted = {.events = POLLIN};
	pthread_t starter;
	struct talk talk;

	talk_begin(options, &talk);
	reader.fault = page_withhold(&reader.page, reader.page_size);
	observe_flag("userfaultfd", reader.fault >= 0);
	if (reader.fault < 0) {
		talk_end(&talk);
		return;
	}
	for (unsigned int i = 0; i < queued_messages; i++)
		say(&talk, CLIENT, QUEUED_BYTES);
	await_delivered(talk.fd[CLIENT]);
	reader.talk = &talk;
	reader.queued = queued_messages * QUEUED_BYTES;
	frames->out = talk.fd[CLIENT];
	frames->in = talk.fd[SERVER];
	frames->flags = talk.try_flags;
	for (uint32_t i = 0; i < frames->writers; i++) {
		late.each[i].frames = frames;
		late.each[i].number = i;
	}
	stay_on_one_cpu();
	thread_start(&reader.thread, read_past_fault, &reader);
	faulted.fd = reader.fault;
	must(poll(&faulted, 1, WAIT_MS), "wait for page fault");
	thread_start(&starter, start_late_writers, &late);
	write_frames(&late.each[0]);
	pthread_join(starter, NULL);
	pthread_join(reader.thread, NULL);
	observe_int("frames", frames->read);
	observe_int("broken_frames", frames->broken);
	talk_end(&talk);
}

void case_writers_behind_reader(const struct options *options)
{
	struct frames frames = {.size = 500, .per_writer = 1, .writers = 12, .split = true};

	write_behind_reader(options, 58, &frames);
}

/* As many messages as a one-way stream of small ones may have past TCP, and one of another thread. */
void case_second_writer_behind_reader(const struct options *options)
{
	struct frames frames = {.size = 500, .per_writer = 1, .writers = 2, .split = true};

	write_behind_reader(options, QUEUED_MAX, &frames);
}
