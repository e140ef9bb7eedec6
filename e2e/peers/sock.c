/* SPDX-License-Identifier: Apache-2.0 */
#include "sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

#define CONNECT_TIMEOUT_MS 10000
#define BACKLOG 4096

static bool endpoint_fill(enum family family, const char *host, uint16_t port,
			  struct endpoint *endpoint)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&endpoint->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&endpoint->address;
	char mapped[96];

	memset(endpoint, 0, sizeof(*endpoint));
	if (family == FAMILY_V4) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		endpoint->length = sizeof(*v4);
		return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
	}
	if (family == FAMILY_MAPPED && !strchr(host, ':')) {
		snprintf(mapped, sizeof(mapped), "::ffff:%s", host);
		host = mapped;
	}
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	endpoint->length = sizeof(*v6);
	return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1;
}

bool endpoint_parse(enum family family, const char *text, struct endpoint *endpoint)
{
	const char *colon = strrchr(text, ':');
	char host[64];
	char *end;
	size_t length;
	long port;

	if (!colon || colon == text)
		return false;
	port = strtol(colon + 1, &end, 10);
	if (*end || end == colon + 1 || port < 0 || port > 65535)
		return false;
	length = colon - text;
	if (text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (length >= sizeof(host))
		return false;
	memcpy(host, text, length);
	host[length] = '\0';
	return endpoint_fill(family, host, (uint16_t)port, endpoint);
}

/* sin_port and sin6_port lie at the same offset. */
void endpoint_set_port(struct endpoint *endpoint, uint16_t port)
{
	((struct sockaddr_in *)&endpoint->address)->sin_port = htons(port);
}

uint16_t endpoint_port(const struct endpoint *endpoint)
{
	return ntohs(((const struct sockaddr_in *)&endpoint->address)->sin_port);
}

void endpoint_loopback(enum family family, struct endpoint *endpoint)
{
	endpoint_fill(family, family == FAMILY_V6 ? "::1" : "127.0.0.1", 0, endpoint);
}

static int socket_domain(const struct options *options)
{
	return options->family == FAMILY_V4 ? AF_INET : AF_INET6;
}

int listener_bind(const struct options *options)
{
	int fd = must(socket(socket_domain(options), SOCK_STREAM | SOCK_CLOEXEC, 0),
		      "create listener");
	struct endpoint at = options->listen;

	if (!at.length)
		endpoint_loopback(options->family, &at);
	option_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (options->family == FAMILY_MAPPED)
		option_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	must(bind(fd, (struct sockaddr *)&at.address, at.length), "bind listener");
	return fd;
}

void listener_listen(int listener)
{
	must(listen(listener, BACKLOG), "listen");
}

int listener_open(const struct options *options)
{
	int fd = listener_bind(options);

	listener_listen(fd);
	return fd;
}

void listener_target(const struct options *options, int listener, struct endpoint *target)
{
	if (options->connect.length) {
		*target = options->connect;
		return;
	}
	target->length = sizeof(target->address);
	must(getsockname(listener, (struct sockaddr *)&target->address, &target->length),
	     "getsockname of listener");
}

/*
 * Without Nagle's algorithm, as proxies set their sockets: otherwise each second message of a test
 * waits for a delayed acknowledgement. Cases about Nagle switch it on again.
 */
static int without_nagle(int fd)
{
	option_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	return fd;
}

int client_socket(const struct options *options)
{
	return client_socket_of(options, 0);
}

int client_socket_of(const struct options *options, int protocol)
{
	int type = SOCK_STREAM | (options->nonblock ? SOCK_NONBLOCK : 0);

	return without_nagle(
		client_namespace_socket(options, socket_domain(options), type, protocol));
}

int client_namespace_socket(const struct options *options, int domain, int type, int protocol)
{
	int home, fd;

	type |= SOCK_CLOEXEC;
	if (options->client_netns < 0)
		return must(socket(domain, type, protocol), "create client socket");
	/* A socket belongs to the namespace in which it is created: come back at once. */
	home = must(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "open own netns");
	must(setns(options->client_netns, CLONE_NEWNET), "enter client netns");
	fd = must(socket(domain, type, protocol), "create client socket");
	must(setns(home, CLONE_NEWNET), "return to own netns");
	close(home);
	return fd;
}

int client_try_connect(int client, const struct endpoint *target)
{
	struct pollfd poll_fd = {.fd = client, .events = POLLOUT};

	if (!connect(client, (const struct sockaddr *)&target->address, target->length))
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	if (poll(&poll_fd, 1, CONNECT_TIMEOUT_MS) != 1)
		return ETIMEDOUT;
	return option_get(client, SOL_SOCKET, SO_ERROR);
}

void client_connect(int client, const struct endpoint *target)
{
	int error = client_try_connect(client, target);

	if (error)
		fatal("connect failed: %s (%s/%d)", strerror(error), strerrorname_np(error), error);
}

int server_accept(const struct options *options, int listener)
{
	struct pollfd poll_fd = {.fd = listener, .events = POLLIN};
	int flags = SOCK_CLOEXEC | (options->nonblock ? SOCK_NONBLOCK : 0);

	if (poll(&poll_fd, 1, CONNECT_TIMEOUT_MS) != 1)
		fatal("accept timed out");
	return without_nagle(must(accept4(listener, NULL, NULL, flags), "accept"));
}

void pair_connect(const struct options *options, int listener, struct pair *pair)
{
	struct endpoint target;

	listener_target(options, listener, &target);
	pair->client = client_socket(options);
	client_connect(pair->client, &target);
	pair->server = server_accept(options, listener);
}

void pair_open(const struct options *options, struct pair *pair)
{
	int listener = listener_open(options);

	pair_connect(options, listener, pair);
	close(listener);
}

void option_set(int fd, int level, int option, int value)
{
	char operation[64];

	snprintf(operation, sizeof(operation), "setsockopt level=%d option=%d", level, option);
	must(setsockopt(fd, level, option, &value, sizeof(value)), operation);
}

int option_get(int fd, int level, int option)
{
	socklen_t length = sizeof(int);
	int value = 0;

	must(getsockopt(fd, level, option, &value, &length), "getsockopt");
	return value;
}

void nonblock_set(int fd)
{
	must(fcntl(fd, F_SETFL, must(fcntl(fd, F_GETFL), "F_GETFL") | O_NONBLOCK), "F_SETFL");
}

void nonblock_clear(int fd)
{
	must(fcntl(fd, F_SETFL, must(fcntl(fd, F_GETFL), "F_GETFL") & ~O_NONBLOCK), "F_SETFL");
}

void close_with_reset(int fd)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 0};

	must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), "set SO_LINGER");
	close(fd);
}

unsigned int count_or(const struct options *options, unsigned int otherwise)
{
	return options->count ? options->count : otherwise;
}
