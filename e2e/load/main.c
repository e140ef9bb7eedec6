// SPDX-License-Identifier: Apache-2.0
/*
 * shunt-load serve --at ADDRESS:PORT|PATH
 * shunt-load drive --at ADDRESS:PORT|PATH --shape SHAPE --bytes N --connections N
 *                  [--rate OPERATIONS_PER_SECOND] [--placement free|one-cpu|two-cpus]
 *   shapes: pingpong stream connect corked pieces
 *   measures once per line of standard input, which has the milliseconds
 */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <time.h>

#define MESSAGE_BYTES_MAX (1u << 20)

void die(const char *operation)
{
	fprintf(stderr, "shunt-load: %s failed: %s (%d)\n", operation, strerror(errno), errno);
	exit(1);
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void set_nonblocking(int fd)
{
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		die("fcntl");
}

void set_nodelay(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

void run_on(int cpu)
{
	static cpu_set_t all;
	cpu_set_t one;

	if (!CPU_COUNT(&all) && sched_getaffinity(0, sizeof(all), &all))
		die("sched_getaffinity");
	CPU_ZERO(&one);
	CPU_SET(cpu < 0 ? 0 : cpu, &one);
	if (sched_setaffinity(0, sizeof(one), cpu < 0 ? &all : &one))
		die("sched_setaffinity");
}

static void usage(void)
{
	fprintf(stderr,
		"usage: shunt-load serve --at ADDRESS:PORT|PATH\n"
		"       shunt-load drive --at ADDRESS:PORT|PATH"
		" --shape pingpong|stream|connect|corked|pieces"
		" --bytes N --connections N [--rate N]"
		" [--placement free|one-cpu|two-cpus] <MILLISECONDS\n");
	exit(2);
}

static int parse_place(char *text, struct place *place)
{
	struct sockaddr_un *local = (void *)&place->address;
	struct sockaddr_in *ip4 = (void *)&place->address;
	struct sockaddr_in6 *ip6 = (void *)&place->address;
	char *colon = strrchr(text, ':');

	if (text[0] == '/' && strlen(text) < sizeof(local->sun_path)) {
		local->sun_family = AF_UNIX;
		strcpy(local->sun_path, text);
		place->length = sizeof(*local);
		return 1;
	}
	if (!colon)
		return 0;
	*colon = 0;
	if (inet_pton(AF_INET, text, &ip4->sin_addr) == 1) {
		ip4->sin_family = AF_INET;
		ip4->sin_port = htons((uint16_t)atoi(colon + 1));
		place->length = sizeof(*ip4);
		return 1;
	}
	ip6->sin6_family = AF_INET6;
	ip6->sin6_port = htons((uint16_t)atoi(colon + 1));
	place->length = sizeof(*ip6);
	return inet_pton(AF_INET6, text, &ip6->sin6_addr) == 1;
}

static int parse_name(const char *text, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(text, names[i]))
			return i;
	usage();
	return -1;
}

uint64_t number(const char *text, uint64_t most)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);

	if (*end || end == text || !value || value > most) {
		fprintf(stderr, "shunt-load: %s (expected: 1..%llu)\n", text,
			(unsigned long long)most);
		exit(2);
	}
	return value;
}

static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **arguments)
{
	static const struct option options[] = {
		{"at", required_argument, 0, 'a'},
		{"shape", required_argument, 0, 's'},
		{"bytes", required_argument, 0, 'b'},
		{"connections", required_argument, 0, 'c'},
		{"rate", required_argument, 0, 'r'},
		{"placement", required_argument, 0, 'p'},
		{0, 0, 0, 0},
	};
	static const char *const shapes[SHAPES] = {"pingpong", "stream", "connect",
						   "corked",   "pieces"};
	static const char *const placements[PLACEMENTS] = {"free", "one-cpu", "two-cpus"};
	struct load load = {.bytes = 1024, .connections = 1};
	struct place place = {0};
	int option, placed = 0;

	while ((option = getopt_long(count, arguments, "", options, 0)) != -1) {
		switch (option) {
		case 'a':
			placed = parse_place(optarg, &place);
			break;
		case 's':
			load.shape = (enum shape)parse_name(optarg, shapes, SHAPES);
			break;
		case 'b':
			load.bytes = (uint32_t)number(optarg, MESSAGE_BYTES_MAX);
			break;
		case 'c':
			load.connections = (uint32_t)number(optarg, 20000);
			break;
		case 'r':
			load.interval_ns = 1000000000 / number(optarg, 10000000);
			break;
		case 'p':
			load.placement = (enum placement)parse_name(optarg, placements, PLACEMENTS);
			break;
		default:
			usage();
		}
	}
	if (!placed || optind != count - 1)
		usage();
	raise_descriptor_limit();
	if (!strcmp(arguments[optind], "serve"))
		return serve(&place);
	if (!strcmp(arguments[optind], "drive"))
		return drive(&place, &load);
	usage();
	return 2;
}
