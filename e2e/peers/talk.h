/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A conversation over one connection whose bytes follow a position-dependent pattern in each
 * direction, so that a lost, changed, repeated or reordered byte is found at its exact position.
 *
 * Each direction has one sender and one receiver thread at most; the two directions are
 * independent.
 */
#ifndef SHUNT_PEERS_TALK_H
#define SHUNT_PEERS_TALK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sock.h"

#define WARM_BYTES 64
#define WAIT_MS 10000

enum side {
	CLIENT,
	SERVER
};

struct talk {
	int fd[2]; /* by side */
	uint64_t said[2]; /* bytes that the side has sent */
	uint64_t heard[2]; /* bytes that the side has received */
	uint64_t seed;
	int try_flags; /* MSG_DONTWAIT when the sockets block */
	unsigned int mismatches;
};

static inline enum side other(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

void pattern_fill(uint64_t seed, uint64_t position, void *buffer, size_t length);

/* Offset of the first byte that does not follow the pattern, or length. */
size_t pattern_check(uint64_t seed, uint64_t position, const void *buffer, size_t length);
uint64_t pattern_mix(uint64_t value);

void talk_init(const struct options *options, struct talk *talk, const struct pair *pair);
void talk_connect(const struct options *options, int listener, struct talk *talk);

/* Connected, nothing sent yet. */
void talk_open(const struct options *options, struct talk *talk);

/* Request/response turns, after which an accelerator has adopted what it can. */
void talk_warm_up(const struct options *options, struct talk *talk);

/* talk_open() and talk_warm_up(). */
void talk_begin(const struct options *options, struct talk *talk);

/* One turn: request of the client, response of the server. */
void talk_turn(struct talk *talk, size_t request, size_t response);

/* Observes the bytes heard and whether all followed the pattern; closes both ends. */
void talk_end(struct talk *talk);
void talk_observe(const struct talk *talk);
void talk_close(struct talk *talk);

/* One send(2) of the next bytes; never blocks, result and errno as send(2). */
ssize_t say_some(struct talk *talk, enum side side, size_t length, int flags);

/* One recv(2), checked; MSG_PEEK does not advance. Never blocks, result and errno as recv(2). */
ssize_t hear_some(struct talk *talk, enum side side, size_t length, int flags);

/* Fills the buffer with the side's next bytes, which the case sends by other means. */
void say_buffer(struct talk *talk, enum side side, void *buffer, size_t length);

/* Checks bytes that the case received by other means, and counts them as heard. */
void hear_buffer(struct talk *talk, enum side side, const void *buffer, size_t length);

/* All of length, waiting as long as it takes up to WAIT_MS without progress. */
void say(struct talk *talk, enum side side, size_t length);
void hear(struct talk *talk, enum side side, size_t length);

/* Side sends length bytes while the other receives them, on one thread. */
void convey(struct talk *talk, enum side side, size_t length);

/* Reads to the end of the stream; returns the bytes read, errno name of the end in *end ("EOF"). */
uint64_t hear_to_end(struct talk *talk, enum side side, const char **end);

/* One direction of a conversation, carried by a sender and a receiver thread. */
struct flow {
	struct talk *talk;
	enum side from;
	uint64_t total;
	size_t write_size; /* 0: random 1..65536 */
	size_t read_size; /* 0: random 1..65536 */
	pthread_t sender;
	pthread_t receiver;
};

void flow_start(struct flow *flow);
void flow_join(struct flow *flow);

#endif
