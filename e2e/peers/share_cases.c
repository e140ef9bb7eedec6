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
