/* SPDX-License-Identifier: Apache-2.0 */
/* What client and server of the load generator share. */
#ifndef SHUNT_LOAD_H
#define SHUNT_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define MILLISECONDS_MAX 600000

enum shape {
	SHAPE_PINGPONG, /* a message there, one of the same size back */
	SHAPE_STREAM, /* one way; the server tells at the end what it got */
	SHAPE_CONNECT, /* connect, one message there and back, close */
	SHAPE_CORKED, /* ping-pong; the message goes in small writes that TCP is told to merge */
	SHAPE_PIECES, /* ping-pong; in small writes that TCP sends one by one */
	SHAPES,
};

#define SMALL_WRITE_BYTES 64

/*
 * Where client and server run. Two processes that wake each other in turns share a CPU or do not, as the
 * scheduler likes, and that alone changes a turn five-fold: a fixed place makes runs comparable.
 */
enum placement {
	PLACEMENT_FREE,
	PLACEMENT_ONE_CPU,
	PLACEMENT_TWO_CPUS,
	PLACEMENTS,
};

/* Opens every connection. Host order: both ends run on one host. */
struct greeting {
	uint32_t shape; /* enum shape */
	uint32_t bytes; /* of a message */
	int32_t cpu; /* where the server runs from now on; CPU_ANY: anywhere */
};

/* Where the server is. */
struct place {
	struct sockaddr_storage address;
	socklen_t length;
};

struct load {
	enum shape shape;
	uint32_t bytes;
	uint32_t connections;
	enum placement placement;
	uint64_t interval_ns; /* between two operations of all connections together; 0: at once */
};

#define CPU_ANY (-1)

/* Binds this process to a CPU, or to all that it may use. */
void run_on(int cpu);

/* Ends the program with errno's text. */
void die(const char *operation) __attribute__((noreturn));

uint64_t now_ns(void);

/* 1 to most; ends the program when the text is anything else. */
uint64_t number(const char *text, uint64_t most);
void set_nonblocking(int fd);

/* Without Nagle's algorithm, as every proxy; a Unix socket has none. */
void set_nodelay(int fd);

int serve(const struct place *place);
int drive(const struct place *place, const struct load *load);

#endif
