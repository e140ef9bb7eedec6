/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for conditions, threads and children. */
#ifndef SHUNT_PEERS_WAIT_H
#define SHUNT_PEERS_WAIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Long enough to say that an event which is not expected did not come. */
#define QUIET_MS 60

/* Waits until one of the events (or HUP, ERR) is there; 0 after the timeout, else all events of the
 * socket. */
short await_events(int fd, short events, int timeout_ms);

/* Waits until the peer's TCP has acknowledged all that was sent: it lies in the peer's queue. */
void await_delivered(int sender);

/* All events of the socket at this moment. */
short events_now(int fd);

uint64_t now_us(void);
void thread_start(pthread_t *thread, void *(*body)(void *), void *argument);

/* Whether the thread (0: none yet) sleeps in the kernel, interruptibly or not, at three looks in a row. */
bool thread_sleeps(const pid_t *thread_id);

/* A blocking call of another thread, whose result and errno are kept. */
struct blocked {
	ssize_t (*call)(struct blocked *blocked);
	int fd;
	void *buffer;
	size_t length;
	int flags;
	ssize_t result;
	int error;
	pid_t thread_id;
	pthread_t thread;
};

/* Thread body that makes the call. */
void *blocked_body(void *blocked);

/* Starts the call and returns when its thread sleeps in it. */
void blocked_start(struct blocked *blocked);

/* Waits for the result; errno is that of the call. */
ssize_t blocked_join(struct blocked *blocked);
ssize_t blocked_recv(struct blocked *blocked);

/* Forks a peer that dies with this process; the child runs body and exits 0. */
pid_t child_start(void (*body)(void *), void *argument);

/* Exit code of the child, or 128 + signal. */
int child_join(pid_t child);

#endif
