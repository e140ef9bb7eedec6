// SPDX-License-Identifier: Apache-2.0
/*
 * Sends prepared frames through one interface after the other, in short slices, and tells what a frame
 * cost on each: veth hands it to the other end on the same CPU before the send returns, up to a socket
 * there that nobody reads. One line a slice: interface index in the order given, nanoseconds a frame,
 * frames that reached IP's receivers.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_BYTES 64
#define FRAMES_MAX 4096
#define BATCH 64
#define LANES_MAX 16
#define DESCRIPTORS 8192 /* more than there are ports */

struct plan {
	const char *receiver; /* network namespace of the other ends */
	const char *address; /* there */
	int first_port, ports;
	int rounds, slice; /* slice: frames, a multiple of BATCH */
	int lanes;
	int lane[LANES_MAX]; /* packet sockets */
	int counters; /* /proc/net/snmp of the receiver */
	unsigned char frame[FRAMES_MAX][FRAME_BYTES];
	int frames;
};

static struct plan plan;

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
	int error = errno;
	va_list values;

	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fprintf(stderr, " failed: %s (%s/%d); stopping\n", strerror(error), strerrorname_np(error),
		error);
	exit(1);
}

static long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void enter(const char *namespace)
{
	int fd = open(namespace, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("enter network namespace %s", namespace);
	close(fd);
}

/* Sockets with the least of buffers: full after a few frames, from then on each frame costs the same. */
static void listen_everywhere(void)
{
	for (int i = 0; i < plan.ports; i++) {
		struct sockaddr_in at = {.sin_family = AF_INET,
					 .sin_port = htons(plan.first_port + i)};
		int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), least = 1;

		inet_pton(AF_INET, plan.address, &at.sin_addr);
		if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least)) ||
		    bind(fd, (struct sockaddr *)&at, sizeof(at)))
			die("bind %s port %d", plan.address, plan.first_port + i);
	}
}

/* The other ends: what lives in their namespace stays there when this thread leaves it. */
static void prepare_receiver(void)
{
	enter(plan.receiver);
	listen_everywhere();
	plan.counters = open("/proc/thread-self/net/snmp", O_RDONLY | O_CLOEXEC);
	if (plan.counters < 0)
		die("open /proc/net/snmp");
}

static int open_lane(const char *interface)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(interface)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), yes = 1;

	if (fd < 0 || !at.sll_ifindex || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes)))
		die("open interface %s", interface);
	return fd;
}

/* Ip: InDelivers, by the name in the line above the numbers. */
static long delivered(void)
{
	char text[4096], *names, *values, *name, *value, *name_rest, *value_rest;
	ssize_t length = pread(plan.counters, text, sizeof(text) - 1, 0);

	if (length <= 0)
		die("read /proc/net/snmp");
	text[length] = 0;
	names = strtok_r(text, "\n", &value_rest);
	values = strtok_r(NULL, "\n", &value_rest);
	name = strtok_r(names, " ", &name_rest);
	value = strtok_r(values, " ", &value_rest);
	while (name && value) {
		if (!strcmp(name, "InDelivers"))
			return atol(value);
		name = strtok_r(NULL, " ", &name_rest);
		value = strtok_r(NULL, " ", &value_rest);
	}
	errno = ENOENT;
	die("find InDelivers in /proc/net/snmp");
}

static void send_batch(int lane, int first)
{
	struct mmsghdr message[BATCH] = {};
	struct iovec part[BATCH];
	int sent = 0, more;

	for (int i = 0; i < BATCH; i++) {
		part[i].iov_base = plan.frame[(first + i) % plan.frames];
		part[i].iov_len = FRAME_BYTES;
		message[i].msg_hdr.msg_iov = &part[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	while (sent < BATCH) {
		more = sendmmsg(lane, message + sent, BATCH - sent, 0);
		if (more < 0 && errno != ENOBUFS && errno != EINTR)
			die("send");
		sent += more < 0 ? errno == ENOBUFS : more;
	}
}

static void run_slice(int lane)
{
	long before = delivered(), begin = now_ns(), end;

	for (int i = 0; i < plan.slice; i += BATCH)
		send_batch(plan.lane[lane], i);
	end = now_ns();
	printf("%d %.2f %ld\n", lane, (double)(end - begin) / plan.slice, delivered() - before);
}

/* Each round begins one lane further: none is always the one after the same other. */
static void run(void)
{
	for (int i = 0; i < plan.lanes; i++)
		send_batch(plan.lane[i], 0);
	for (int round = 0; round < plan.rounds; round++)
		for (int i = 0; i < plan.lanes; i++)
			run_slice((round + i) % plan.lanes);
}

static void read_frames(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t bytes = fd < 0 ? -1 : read(fd, plan.frame, sizeof(plan.frame));

	if (bytes < FRAME_BYTES)
		die("read frames of %s", path);
	plan.frames = bytes / FRAME_BYTES;
	close(fd);
}

/* One CPU does all of it. */
static void settle(void)
{
	struct rlimit descriptors = {DESCRIPTORS, DESCRIPTORS};
	cpu_set_t cpus;
	int cpu = CPU_SETSIZE - 1;

	if (setrlimit(RLIMIT_NOFILE, &descriptors) || sched_getaffinity(0, sizeof(cpus), &cpus))
		die("prepare process");
	while (!CPU_ISSET(cpu, &cpus))
		cpu--;
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("stay on CPU %d", cpu);
}

int main(int count, char **word)
{
	if (count < 10) {
		fprintf(stderr, "usage: %s FRAMES SENDER RECEIVER ADDRESS FIRST-PORT PORTS ROUNDS SLICE"
				" INTERFACE...\n",
			word[0]);
		return 2;
	}
	plan.receiver = word[3];
	plan.address = word[4];
	plan.first_port = atoi(word[5]);
	plan.ports = atoi(word[6]);
	plan.rounds = atoi(word[7]);
	plan.slice = atoi(word[8]);
	read_frames(word[1]);
	settle();
	prepare_receiver();
	enter(word[2]);
	for (int i = 9; i < count && plan.lanes < LANES_MAX; i++)
		plan.lane[plan.lanes++] = open_lane(word[i]);
	run();
	return 0;
}
