/* SPDX-License-Identifier: Apache-2.0 */
/* What client and server of the load generator share. */
#ifndef SHUNT_LOAD_H
#define SHUNT_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum shape {
	SHAPE_PINGPONG, /* a message there, one of the same size back */
	SHAPE_STREAM, /* one way; the server tells at the end what it got */
	SHAPE_CONNECT, /* connect, one message there and back, close */
};

/* Opens every connection. Host order: both ends run on one host. */
struct greeting {
	uint32_t shape; /* enum shape */
	uint32_t bytes; /* of a message */
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
	uint64_t duration_ns;
	uint64_t interval_ns; /* between two operations of all connections together; 0: at once */
};

/* Ends the program with errno's text. */
void die(const char *operation) __attribute__((noreturn));

uint64_t now_ns(void);
void set_nonblocking(int fd);

/* Without Nagle's algorithm, as every proxy; a Unix socket has none. */
void set_nodelay(int fd);

int serve(const struct place *place);
int drive(const struct place *place, const struct load *load);

#endif
