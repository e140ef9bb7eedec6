/* SPDX-License-Identifier: Apache-2.0 */
#include "wait.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

#define SLEEP_CHECK_US 2000
#define SLEEP_TIMEOUT_US 5000000

short await_events(int fd, short events, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};
	int ready;

	do {
		ready = poll(&poll_fd, 1, timeout_ms);
	} while (ready < 0 && errno == EINTR);
	return ready == 1 ? events_now(fd) | poll_fd.revents : 0;
}

void await_delivered(int sender)
{
	uint64_t deadline = now_us() + SLEEP_TIMEOUT_US;
	int unacknowledged;

	for (;;) {
		must(ioctl(sender, SIOCOUTQ, &unacknowledged), "SIOCOUTQ");
		if (!unacknowledged)
			return;
		if (now_us() > deadline)
			fatal("%d bytes were not acknowledged", unacknowledged);
		usleep(500);
	}
}

short events_now(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP};

	must(poll(&poll_fd, 1, 0), "poll");
	return poll_fd.revents;
}

uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void thread_start(pthread_t *thread, void *(*body)(void *), void *argument)
{
	int error = pthread_create(thread, NULL, body, argument);

	if (error)
		fatal("start thread failed: %s (%d)", strerror(error), error);
}

void *blocked_body(void *argument)
{
	struct blocked *blocked = argument;

	__atomic_store_n(&blocked->thread_id, gettid(), __ATOMIC_RELEASE);
	blocked->result = blocked->call(blocked);
	blocked->error = errno;
	return NULL;
}

/* State letter of the thread, '?' when it has gone. */
static char thread_state(pid_t thread_id)
{
	char path[64], line[256], state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread_id);
	file = fopen(path, "re");
	if (!file)
		return '?';
	if (fgets(line, sizeof(line), file) && strrchr(line, ')'))
		state = strrchr(line, ')')[2];
	fclose(file);
	return state;
}

bool thread_sleeps(const pid_t *thread_id)
{
	pid_t thread = __atomic_load_n(thread_id, __ATOMIC_ACQUIRE);
	char state;

	for (unsigned int look = 0; look < 3; look++) {
		state = thread ? thread_state(thread) : 'R';
		if (state != 'S' && state != 'D')
			return false;
		usleep(SLEEP_CHECK_US);
	}
	return true;
}

void blocked_start(struct blocked *blocked)
{
	uint64_t deadline = now_us() + SLEEP_TIMEOUT_US;
	unsigned int asleep = 0;
	pid_t thread_id;
	char state;

	blocked->thread_id = 0;
	thread_start(&blocked->thread, blocked_body, blocked);
	/* Three looks in a row: a thread may sleep for a moment on its way into the call. */
	while (asleep < 3) {
		usleep(SLEEP_CHECK_US);
		thread_id = __atomic_load_n(&blocked->thread_id, __ATOMIC_ACQUIRE);
		state = thread_id ? thread_state(thread_id) : 'R';
		if (state == '?')
			return;
		asleep = state == 'S' ? asleep + 1 : 0;
		if (now_us() > deadline)
			fatal("the call did not block");
	}
}

ssize_t blocked_join(struct blocked *blocked)
{
	pthread_join(blocked->thread, NULL);
	errno = blocked->error;
	return blocked->result;
}

ssize_t blocked_recv(struct blocked *blocked)
{
	return recv(blocked->fd, blocked->buffer, blocked->length, blocked->flags);
}

pid_t child_start(void (*body)(void *), void *argument)
{
	pid_t child = must(fork(), "fork");

	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	body(argument);
	_exit(0);
}

int child_join(pid_t child)
{
	int status;

	must(waitpid(child, &status, 0), "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
