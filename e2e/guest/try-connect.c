// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* Tries what connect rules judge: a line `HOW ADDRESS PORT` in, the errno as a line out. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static socklen_t parse(const char *text, int port, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (void *)address;
	struct sockaddr_in6 *v6 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return 0;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	return sizeof(*v6);
}

static int call(const char *how, int socket, struct sockaddr_storage *address, socklen_t length)
{
	struct sockaddr *to = (void *)address;
	int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

	if (!strcmp(how, "tcp-fastopen"))
		return sendto(socket, "x", 1, flags | MSG_FASTOPEN, to, length);
	if (!strcmp(how, "udp-send"))
		return sendto(socket, "x", 1, flags, to, length);
	return connect(socket, to, length);
}

static int attempt(const char *how, const char *text, int port)
{
	struct sockaddr_storage address;
	socklen_t length = parse(text, port, &address);
	int udp = !strncmp(how, "udp", 3), result, error;
	int fd;

	if (!length)
		return EINVAL;
	fd = socket(address.ss_family, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK,
		    !strncmp(how, "mptcp", 5) ? IPPROTO_MPTCP : 0);
	if (fd < 0)
		return errno;
	result = call(how, fd, &address, length);
	error = result < 0 ? errno : 0;
	close(fd);
	return error;
}

int main(void)
{
	char how[32], address[64];
	int port;

	setvbuf(stdout, 0, _IOLBF, 0);
	while (scanf("%31s %63s %d", how, address, &port) == 3)
		printf("%d\n", attempt(how, address, port));
	return 0;
}
