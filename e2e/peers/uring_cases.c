/* SPDX-License-Identifier: Apache-2.0 */
/* The same socket through io_uring, one request at a time, by its bare system calls. */
#include <errno.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define ENTRIES 8
/* Linux 6.0; older headers lack them. */
#define OP_SEND_ZC 47
#define RESULT_IS_NOTIFICATION (1U << 3)

struct outcome {
	int result;
	unsigned int flags;
};

struct ring {
	int fd;
	unsigned int *sq_tail, *sq_mask, *sq_array;
	unsigned int *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *requests;
	struct io_uring_cqe *results;
};

static void *ring_map(int fd, size_t length, off_t offset)
{
	void *at =
		mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);

	if (at == MAP_FAILED)
		fatal("map io_uring failed: %s", strerror(errno));
	return at;
}

static void ring_open(struct ring *ring)
{
	struct io_uring_params params = {};
	char *sq, *cq;

	ring->fd = must(syscall(__NR_io_uring_setup, ENTRIES, &params), "io_uring_setup");
	sq = ring_map(ring->fd, params.sq_off.array + params.sq_entries * sizeof(unsigned int),
		      IORING_OFF_SQ_RING);
	cq = ring_map(ring->fd,
		      params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
		      IORING_OFF_CQ_RING);
	ring->requests = ring_map(ring->fd, params.sq_entries * sizeof(struct io_uring_sqe),
				  IORING_OFF_SQES);
	ring->sq_tail = (void *)(sq + params.sq_off.tail);
	ring->sq_mask = (void *)(sq + params.sq_off.ring_mask);
	ring->sq_array = (void *)(sq + params.sq_off.array);
	ring->cq_head = (void *)(cq + params.cq_off.head);
	ring->cq_tail = (void *)(cq + params.cq_off.tail);
	ring->cq_mask = (void *)(cq + params.cq_off.ring_mask);
	ring->results = (void *)(cq + params.cq_off.cqes);
}

static struct io_uring_sqe *ring_request(struct ring *ring, int opcode, int fd)
{
	unsigned int slot = *ring->sq_tail & *ring->sq_mask;
	struct io_uring_sqe *request = &ring->requests[slot];

	memset(request, 0, sizeof(*request));
	request->opcode = opcode;
	request->fd = fd;
	ring->sq_array[slot] = slot;
	return request;
}

static void ring_submit(struct ring *ring)
{
	__atomic_store_n(ring->sq_tail, *ring->sq_tail + 1, __ATOMIC_RELEASE);
	must(syscall(__NR_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0), "io_uring_enter");
}

/* Waits for the next result; the ring's descriptor is readable when there is one. */
static struct outcome ring_result(struct ring *ring)
{
	struct pollfd ready = {.fd = ring->fd, .events = POLLIN};
	const struct io_uring_cqe *entry;
	struct outcome outcome;

	if (*ring->cq_head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE) &&
	    poll(&ready, 1, WAIT_MS) != 1)
		fatal("no result from io_uring");
	entry = &ring->results[*ring->cq_head & *ring->cq_mask];
	outcome = (struct outcome){entry->res, entry->flags};
	__atomic_store_n(ring->cq_head, *ring->cq_head + 1, __ATOMIC_RELEASE);
	return outcome;
}

static bool ring_is_quiet(struct ring *ring)
{
	struct pollfd ready = {.fd = ring->fd, .events = POLLIN};

	return poll(&ready, 1, QUIET_MS) == 0;
}

/* As a system call would answer: -1 and errno, or the result. */
static ssize_t as_call(int result)
{
	if (result >= 0)
		return result;
	errno = -result;
	return -1;
}

static ssize_t transfer(struct ring *ring, int opcode, int fd, void *buffer, size_t length)
{
	struct io_uring_sqe *request = ring_request(ring, opcode, fd);

	request->addr = (unsigned long)buffer;
	request->len = length;
	request->off = opcode == IORING_OP_READ || opcode == IORING_OP_WRITE ? -1ULL : 0;
	ring_submit(ring);
	return as_call(ring_result(ring).result);
}

/* Conversation whose every byte is sent and read by the two requests. */
static void converse(const struct options *options, int send_opcode, int receive_opcode)
{
	unsigned char bytes[3000];
	struct talk talk;
	struct ring ring;

	ring_open(&ring);
	talk_begin(options, &talk);
	for (unsigned int turn = 0; turn < 100; turn++) {
		enum side from = turn % 2 ? SERVER : CLIENT;
		size_t length = 1 + pattern_mix(turn) % sizeof(bytes);
		size_t heard = 0;

		say_buffer(&talk, from, bytes, length);
		if (transfer(&ring, send_opcode, talk.fd[from], bytes, length) != (ssize_t)length)
			fatal("send of turn %u: %s", turn, strerror(errno));
		while (heard < length) {
			ssize_t got;

			await_events(talk.fd[other(from)], POLLIN, WAIT_MS);
			got = transfer(&ring, receive_opcode, talk.fd[other(from)], bytes,
				       sizeof(bytes));
			if (got <= 0)
				fatal("receive of turn %u: %zd %s", turn, got, strerror(errno));
			hear_buffer(&talk, other(from), bytes, got);
			heard += got;
		}
	}
	talk_end(&talk);
	close(ring.fd);
}

void case_uring_send_recv(const struct options *options)
{
	converse(options, IORING_OP_SEND, IORING_OP_RECV);
}

void case_uring_read_write(const struct options *options)
{
	converse(options, IORING_OP_WRITE, IORING_OP_READ);
}

/* Several vectors in one request each way. */
void case_uring_sendmsg(const struct options *options)
{
	unsigned char first[100], second[1400];
	struct iovec parts[2] = {{first, sizeof(first)}, {second, sizeof(second)}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	struct talk talk;
	struct ring ring;

	ring_open(&ring);
	talk_begin(options, &talk);
	for (unsigned int turn = 0; turn < 20; turn++) {
		say_buffer(&talk, CLIENT, first, sizeof(first));
		say_buffer(&talk, CLIENT, second, sizeof(second));
		if (transfer(&ring, IORING_OP_SENDMSG, talk.fd[CLIENT], &message, 1) != 1500)
			fatal("sendmsg of turn %u: %s", turn, strerror(errno));
		await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
		if (transfer(&ring, IORING_OP_RECVMSG, talk.fd[SERVER], &message, 1) != 1500)
			fatal("recvmsg of turn %u: %s", turn, strerror(errno));
		hear_buffer(&talk, SERVER, first, sizeof(first));
		hear_buffer(&talk, SERVER, second, sizeof(second));
		talk_turn(&talk, 10, 10);
	}
	observe_int("msg_flags", message.msg_flags);
	observe_int("msg_namelen", message.msg_namelen);
	talk_end(&talk);
	close(ring.fd);
}

/* A receive that finds nothing waits in the ring, also where O_NONBLOCK is set (since 5.19). */
void case_uring_recv_early(const struct options *options)
{
	unsigned char bytes[200];
	struct io_uring_sqe *request;
	struct talk talk;
	struct ring ring;
	ssize_t got;

	ring_open(&ring);
	talk_begin(options, &talk);
	for (unsigned int turn = 0; turn < 20; turn++) {
		request = ring_request(&ring, IORING_OP_RECV, talk.fd[SERVER]);
		request->addr = (unsigned long)bytes;
		request->len = sizeof(bytes);
		ring_submit(&ring);
		if (turn == 0)
			observe_flag("waits", ring_is_quiet(&ring));
		say(&talk, CLIENT, 100);
		got = as_call(ring_result(&ring).result);
		if (turn == 0)
			observe_result("recv_waited", got);
		if (got > 0)
			hear_buffer(&talk, SERVER, bytes, got);
		else
			hear(&talk, SERVER, 100);
		say(&talk, SERVER, 50);
		hear(&talk, CLIENT, 50);
	}
	request = ring_request(&ring, IORING_OP_RECV, talk.fd[SERVER]);
	request->addr = (unsigned long)bytes;
	request->len = sizeof(bytes);
	request->msg_flags = MSG_DONTWAIT;
	ring_submit(&ring);
	observe_result("recv_dontwait", as_call(ring_result(&ring).result));
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS);
	observe_result("recv_end",
		       transfer(&ring, IORING_OP_RECV, talk.fd[SERVER], bytes, sizeof(bytes)));
	talk_end(&talk);
	close(ring.fd);
}

/* A poll that sleeps in the ring is woken by a message and by a half-close. */
void case_uring_poll(const struct options *options)
{
	struct io_uring_sqe *request;
	struct talk talk;
	struct ring ring;

	ring_open(&ring);
	talk_begin(options, &talk);
	for (unsigned int turn = 0; turn < 20; turn++) {
		request = ring_request(&ring, IORING_OP_POLL_ADD, talk.fd[SERVER]);
		request->poll32_events = POLLIN | POLLRDHUP;
		ring_submit(&ring);
		if (turn == 0)
			observe_flag("sleeps", ring_is_quiet(&ring));
		say(&talk, CLIENT, 500);
		if (ring_result(&ring).result != POLLIN)
			fail("poll of turn %u", turn);
		hear(&talk, SERVER, 500);
		say(&talk, SERVER, 100);
		hear(&talk, CLIENT, 100);
	}
	request = ring_request(&ring, IORING_OP_POLL_ADD, talk.fd[SERVER]);
	request->poll32_events = POLLIN | POLLRDHUP;
	ring_submit(&ring);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	observe_events("half_close", ring_result(&ring).result);
	talk_end(&talk);
	close(ring.fd);
}

/* Zero-copy sends: a result, and a notification that the buffer is free again. */
void case_uring_send_zerocopy(const struct options *options)
{
	unsigned int sent = 0, notified = 0;
	unsigned char bytes[8192];
	struct talk talk;
	struct ring ring;

	ring_open(&ring);
	talk_begin(options, &talk);
	for (unsigned int turn = 0; turn < 20; turn++) {
		struct io_uring_sqe *request = ring_request(&ring, OP_SEND_ZC, talk.fd[CLIENT]);
		struct outcome sent_one;

		say_buffer(&talk, CLIENT, bytes, sizeof(bytes));
		request->addr = (unsigned long)bytes;
		request->len = sizeof(bytes);
		ring_submit(&ring);
		sent_one = ring_result(&ring);
		if (turn == 0)
			observe_result("send", as_call(sent_one.result));
		if (sent_one.result != sizeof(bytes)) {
			talk.said[CLIENT] -= sizeof(bytes);
			say(&talk, CLIENT, sizeof(bytes)); /* as a program would that falls back */
		}
		sent += sent_one.result == sizeof(bytes);
		hear(&talk, SERVER, sizeof(bytes));
		if (sent_one.flags & IORING_CQE_F_MORE)
			notified += (ring_result(&ring).flags & RESULT_IS_NOTIFICATION) != 0;
		talk_turn(&talk, 10, 10);
	}
	observe_int("sent", sent);
	observe_int("notified", notified);
	talk_end(&talk);
	close(ring.fd);
}

/* shutdown() and close() as requests. */
void case_uring_shutdown(const struct options *options)
{
	struct io_uring_sqe *request;
	struct talk talk;
	struct ring ring;
	const char *end;

	ring_open(&ring);
	talk_begin(options, &talk);
	say(&talk, CLIENT, 5000);
	request = ring_request(&ring, IORING_OP_SHUTDOWN, talk.fd[CLIENT]);
	request->len = SHUT_WR;
	ring_submit(&ring);
	observe_result("shutdown", as_call(ring_result(&ring).result));
	observe_int("server_bytes", hear_to_end(&talk, SERVER, &end));
	observe_text("server_end", end);
	say(&talk, SERVER, 3000);
	ring_request(&ring, IORING_OP_CLOSE, talk.fd[SERVER]);
	ring_submit(&ring);
	observe_result("close", as_call(ring_result(&ring).result));
	talk.fd[SERVER] = -1;
	observe_int("client_bytes", hear_to_end(&talk, CLIENT, &end));
	observe_text("client_end", end);
	talk_end(&talk);
	close(ring.fd);
}
