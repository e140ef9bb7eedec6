// SPDX-License-Identifier: Apache-2.0
/* The server: one thread, edge by edge; echoes, or counts and tells the count. */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define BUFFER_BYTES (2 << 20)

struct client {
	int fd;
	uint32_t greeted; /* bytes of the greeting that came */
	struct greeting greeting;
	uint64_t received; /* stream: all; otherwise: of the message at hand */
	uint32_t owed; /* bytes of the answer still to be sent */
	int wants_write;
};

static char buffer[BUFFER_BYTES];
static int server_cpu = CPU_ANY;

static void drop(struct client *client)
{
	close(client->fd);
	free(client);
}

static void watch(int epoll, struct client *client, int wants_write)
{
	struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0),
				    .data.ptr = client};

	if (client->wants_write == wants_write)
		return;
	client->wants_write = wants_write;
	if (epoll_ctl(epoll, EPOLL_CTL_MOD, client->fd, &event))
		die("epoll_ctl");
}

/* Returns -1 when the connection is done. */
static int answer(int epoll, struct client *client)
{
	while (client->owed) {
		size_t size = client->owed < BUFFER_BYTES ? client->owed : BUFFER_BYTES;
		ssize_t sent = send(client->fd, buffer, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN) {
			watch(epoll, client, 1);
			return 0;
		}
		if (sent <= 0)
			return -1;
		client->owed -= (uint32_t)sent;
	}
	watch(epoll, client, 0);
	return 0;
}

static int took(int epoll, struct client *client, uint64_t size)
{
	client->received += size;
	if (client->greeting.shape == SHAPE_STREAM)
		return 0;
	while (client->received >= client->greeting.bytes) {
		client->received -= client->greeting.bytes;
		client->owed += client->greeting.bytes;
	}
	return answer(epoll, client);
}

static int greet(struct client *client)
{
	size_t left = sizeof(client->greeting) - client->greeted;
	ssize_t got = recv(client->fd, (char *)&client->greeting + client->greeted, left, 0);

	if (got < 0 && errno == EAGAIN)
		return 0;
	if (got <= 0)
		return -1;
	client->greeted += (uint32_t)got;
	if (client->greeted < sizeof(client->greeting))
		return 0;
	if (client->greeting.cpu != server_cpu)
		run_on(server_cpu = client->greeting.cpu);
	return 1;
}

static int readable(int epoll, struct client *client)
{
	int greeted = 1;

	if (client->greeted < sizeof(client->greeting))
		greeted = greet(client);
	if (greeted <= 0)
		return greeted;
	for (;;) {
		ssize_t got = recv(client->fd, buffer, BUFFER_BYTES, 0);

		if (got < 0 && errno == EAGAIN)
			return 0;
		if (got < 0)
			return -1;
		if (got == 0) {
			if (client->greeting.shape == SHAPE_STREAM &&
			    send(client->fd, &client->received, sizeof(client->received),
				 MSG_NOSIGNAL) < 0)
				perror("shunt-load: send the count");
			return -1;
		}
		if (took(epoll, client, (uint64_t)got))
			return -1;
		/* A short read has emptied the queue: saves a call that says EAGAIN. */
		if ((size_t)got < BUFFER_BYTES)
			return 0;
	}
}

static void accept_all(int epoll, int listener)
{
	for (;;) {
		int fd = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct epoll_event event = {.events = EPOLLIN};
		struct client *client;

		if (fd < 0)
			return;
		set_nodelay(fd);
		client = calloc(1, sizeof(*client));
		if (!client)
			die("calloc");
		client->fd = fd;
		event.data.ptr = client;
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
			die("epoll_ctl");
	}
}

int serve(const struct place *place)
{
	int listener = socket(place->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int epoll = epoll_create1(EPOLL_CLOEXEC), one = 1;
	struct epoll_event events[EVENTS_MAX], event = {.events = EPOLLIN};

	if (listener < 0 || epoll < 0)
		die("socket");
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (const struct sockaddr *)&place->address, place->length))
		die("bind");
	if (listen(listener, 4096) || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event))
		die("listen");
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		int count = epoll_wait(epoll, events, EVENTS_MAX, -1);

		for (int i = 0; i < count; i++) {
			struct client *client = events[i].data.ptr;
			int done = 0;

			if (!client) {
				accept_all(epoll, listener);
				continue;
			}
			if (events[i].events & EPOLLOUT)
				done = answer(epoll, client);
			if (!done && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				done = readable(epoll, client);
			if (done)
				drop(client);
		}
	}
}
