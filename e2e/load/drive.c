// SPDX-License-Identifier: Apache-2.0
/*
 * The client: one thread, one operation at a time on each connection. It measures whenever it is told to,
 * so that a harness can let two of them take turns within milliseconds; connections stay open
 * in between, unless the load is about opening them. With a rate, an operation's
 * latency counts from when it was due, not from when it was sent: what had to wait is not forgotten
 * (coordinated omission).
 */
#include "histogram.h"
#include "load.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define BUFFER_BYTES (2 << 20)
#define CDF_POINTS 40
#define PATIENCE_MS 10000

struct connection {
	int fd;
	int idle; /* rate: waits for its next turn */
	uint32_t to_send;
	uint32_t to_receive;
	uint64_t started_ns; /* or when it was due */
};

struct run {
	const struct place *place;
	const struct load *load;
	struct connection *connections;
	struct histogram histogram;
	int epoll;
	int server_cpu;
	uint32_t in_flight; /* operations that have not ended */
	uint64_t begin_ns;
	uint64_t end_ns;
	uint64_t operations;
	uint64_t bytes_sent; /* stream */
	uint64_t due_ns; /* rate: of the next operation */
};

static char buffer[BUFFER_BYTES];

static void open_connection(struct run *run, struct connection *connection)
{
	struct greeting greeting = {run->load->shape, run->load->bytes, run->server_cpu};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};

	connection->fd = socket(run->place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connection->fd < 0)
		die("socket");
	if (connect(connection->fd, (const struct sockaddr *)&run->place->address,
		    run->place->length))
		die("connect");
	set_nonblocking(connection->fd);
	set_nodelay(connection->fd);
	/* A one-request client sends all it has in one write. */
	if (run->load->shape == SHAPE_CONNECT)
		memcpy(buffer, &greeting, sizeof(greeting));
	else if (send(connection->fd, &greeting, sizeof(greeting), MSG_NOSIGNAL) !=
		 sizeof(greeting))
		die("send the greeting");
	if (run->load->shape == SHAPE_STREAM)
		event.events = EPOLLOUT;
	if (epoll_ctl(run->epoll, EPOLL_CTL_ADD, connection->fd, &event))
		die("epoll_ctl");
}

static void watch(struct run *run, struct connection *connection, uint32_t interest)
{
	struct epoll_event event = {.events = interest, .data.ptr = connection};

	if (epoll_ctl(run->epoll, EPOLL_CTL_MOD, connection->fd, &event))
		die("epoll_ctl");
}

static size_t write_bytes(const struct run *run, const struct connection *connection)
{
	size_t most = run->load->shape >= SHAPE_CORKED ? SMALL_WRITE_BYTES : BUFFER_BYTES;

	return connection->to_send < most ? connection->to_send : most;
}

static void send_rest(struct run *run, struct connection *connection)
{
	while (connection->to_send) {
		size_t size = write_bytes(run, connection);
		int more = run->load->shape == SHAPE_CORKED && connection->to_send > size;
		ssize_t sent =
			send(connection->fd, buffer, size, MSG_NOSIGNAL | (more ? MSG_MORE : 0));

		if (sent < 0 && errno == EAGAIN) {
			watch(run, connection, EPOLLIN | EPOLLOUT);
			return;
		}
		if (sent <= 0)
			die("send");
		connection->to_send -= (uint32_t)sent;
		if (!connection->to_send && size > (size_t)sent)
			watch(run, connection, EPOLLIN);
	}
}

static void start_operation(struct run *run, struct connection *connection, uint64_t due_ns)
{
	uint32_t greeting = run->load->shape == SHAPE_CONNECT ? sizeof(struct greeting) : 0;

	connection->idle = 0;
	connection->started_ns = due_ns;
	run->in_flight++;
	if (greeting)
		open_connection(run, connection);
	connection->to_send = run->load->bytes + greeting;
	connection->to_receive = run->load->bytes;
	send_rest(run, connection);
}

static void next_operation(struct run *run, struct connection *connection, uint64_t now)
{
	if (now >= run->end_ns)
		return;
	if (!run->load->interval_ns) {
		start_operation(run, connection, now);
		return;
	}
	if (run->due_ns > now) {
		connection->idle = 1;
		return;
	}
	start_operation(run, connection, run->due_ns);
	run->due_ns += run->load->interval_ns;
}

static void receive(struct run *run, struct connection *connection)
{
	uint64_t now;

	while (connection->to_receive) {
		size_t size = connection->to_receive < BUFFER_BYTES ? connection->to_receive
								    : BUFFER_BYTES;
		ssize_t got = recv(connection->fd, buffer + sizeof(struct greeting),
				   size - (size == BUFFER_BYTES ? sizeof(struct greeting) : 0), 0);

		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0)
			die(got ? "recv" : "recv: closed by the server");
		connection->to_receive -= (uint32_t)got;
	}
	if (run->load->shape == SHAPE_CONNECT)
		close(connection->fd);
	now = now_ns();
	histogram_add(&run->histogram, now - connection->started_ns);
	run->operations++;
	run->in_flight--;
	next_operation(run, connection, now);
}

static void stream(struct run *run, struct connection *connection)
{
	/* A bounded burst: every connection gets its turn, and the clock is read once for it. */
	for (int i = 0; i < 16; i++) {
		ssize_t sent;

		if (!connection->to_send)
			connection->to_send = run->load->bytes;
		sent = send(connection->fd, buffer, connection->to_send, MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent <= 0)
			die("send");
		connection->to_send -= (uint32_t)sent;
		run->bytes_sent += (uint64_t)sent;
		if (!connection->to_send)
			run->operations++;
	}
}

/* All bytes must have arrived: their count comes back. */
static void finish_stream(struct run *run)
{
	uint64_t arrived = 0;

	for (uint32_t i = 0; i < run->load->connections; i++) {
		struct pollfd wait = {.fd = run->connections[i].fd, .events = POLLIN};
		uint64_t count;

		shutdown(run->connections[i].fd, SHUT_WR);
		if (poll(&wait, 1, PATIENCE_MS) != 1 ||
		    recv(run->connections[i].fd, &count, sizeof(count), 0) != sizeof(count))
			die("await the server's count");
		arrived += count;
	}
	for (uint32_t i = 0; i < run->load->connections; i++)
		close(run->connections[i].fd);
	if (arrived != run->bytes_sent) {
		fprintf(stderr, "shunt-load: sent %llu bytes, %llu arrived\n",
			(unsigned long long)run->bytes_sent, (unsigned long long)arrived);
		exit(1);
	}
}

/* To the nanosecond: a driver that spins until an operation is due would take the server's CPU. */
static struct timespec wait_time(const struct run *run, uint64_t now)
{
	uint64_t until = run->end_ns, left;

	if (now >= run->end_ns)
		until = now + PATIENCE_MS * 1000000ULL;
	else if (run->load->interval_ns && run->due_ns < until)
		until = run->due_ns;
	left = until > now ? until - now : 0;
	return (struct timespec){.tv_sec = (time_t)(left / 1000000000),
				 .tv_nsec = (long)(left % 1000000000)};
}

static void start_due(struct run *run)
{
	uint64_t now = now_ns();

	for (uint32_t i = 0; i < run->load->connections && run->due_ns <= now; i++)
		if (run->connections[i].idle)
			next_operation(run, &run->connections[i], now);
}

static void turn(struct run *run)
{
	struct epoll_event events[EVENTS_MAX];
	struct timespec wait = wait_time(run, now_ns());
	int count = epoll_pwait2(run->epoll, events, EVENTS_MAX, &wait, NULL);

	if (!count && now_ns() >= run->end_ns + PATIENCE_MS * 1000000ULL)
		die("await the last answers");
	for (int i = 0; i < count; i++) {
		struct connection *connection = events[i].data.ptr;

		if (run->load->shape == SHAPE_STREAM) {
			stream(run, connection);
			continue;
		}
		if (events[i].events & EPOLLOUT)
			send_rest(run, connection);
		if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			receive(run, connection);
	}
	if (run->load->interval_ns)
		start_due(run);
}

static void report(const struct run *run, uint64_t duration_ns)
{
	printf("operations %llu\nbytes %llu\nduration_ns %llu\np50_ns %llu\np99_ns %llu\ncdf_ns",
	       (unsigned long long)run->operations, (unsigned long long)run->bytes_sent,
	       (unsigned long long)duration_ns,
	       (unsigned long long)histogram_at(&run->histogram, 0.5),
	       (unsigned long long)histogram_at(&run->histogram, 0.99));
	for (int i = 1; run->histogram.total && i < CDF_POINTS; i++)
		printf(" %llu",
		       (unsigned long long)histogram_at(&run->histogram, (double)i / CDF_POINTS));
	printf("\nend\n");
	fflush(stdout);
}

static void open_connections(struct run *run)
{
	for (uint32_t i = 0; i < run->load->connections; i++)
		open_connection(run, &run->connections[i]);
}

static void measure(struct run *run, uint64_t duration_ns)
{
	enum shape shape = run->load->shape;

	run->operations = run->bytes_sent = 0;
	memset(&run->histogram, 0, sizeof(run->histogram));
	run->begin_ns = now_ns();
	run->end_ns = run->begin_ns + duration_ns;
	run->due_ns = run->begin_ns;
	if (shape == SHAPE_STREAM)
		open_connections(run);
	for (uint32_t i = 0; shape != SHAPE_STREAM && i < run->load->connections; i++)
		next_operation(run, &run->connections[i], run->begin_ns);
	while (now_ns() < run->end_ns || run->in_flight)
		turn(run);
	if (shape == SHAPE_STREAM)
		finish_stream(run);
	report(run, now_ns() - run->begin_ns);
}

/* The last CPUs: the first one gets most machines' interrupts. */
static void take_place(struct run *run)
{
	int last = CPU_SETSIZE - 1, before;
	cpu_set_t allowed;

	run->server_cpu = CPU_ANY;
	if (run->load->placement == PLACEMENT_FREE)
		return;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		die("sched_getaffinity");
	while (!CPU_ISSET(last, &allowed))
		last--;
	before = last - 1;
	while (before >= 0 && !CPU_ISSET(before, &allowed))
		before--;
	if (run->load->placement == PLACEMENT_TWO_CPUS && before < 0) {
		errno = ENXIO;
		die("find two CPUs");
	}
	run_on(last);
	run->server_cpu = run->load->placement == PLACEMENT_ONE_CPU ? last : before;
}

/* Each line of standard input asks for a run of so many milliseconds. */
int drive(const struct place *place, const struct load *load)
{
	struct run *run = calloc(1, sizeof(*run));
	char line[32];

	if (!run || !(run->connections = calloc(load->connections, sizeof(*run->connections))))
		die("calloc");
	run->place = place;
	run->load = load;
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	take_place(run);
	if (load->shape != SHAPE_STREAM && load->shape != SHAPE_CONNECT)
		open_connections(run);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		measure(run, number(line, MILLISECONDS_MAX) * 1000000);
	}
	return 0;
}
