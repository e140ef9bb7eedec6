/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses, listeners and connections of a case. Every function that cannot do its work ends the
 * process through fatal(): set-up is not what the cases observe.
 */
#ifndef SHUNT_PEERS_SOCK_H
#define SHUNT_PEERS_SOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum family {
	FAMILY_V4,
	FAMILY_V6,
	FAMILY_MAPPED
};

/* length 0: not given. */
struct endpoint {
	struct sockaddr_storage address;
	socklen_t length;
};

struct options {
	enum family family;
	bool nonblock; /* O_NONBLOCK on both ends from the start */
	unsigned int count; /* connections or rounds; 0: the default of the case */
	uint64_t seed; /* of the byte pattern and of random sizes */
	unsigned int warmup; /* request/response turns before the case proper */
	unsigned int seconds; /* duration of the long-running cases */
	unsigned int connections; /* parallel connections of checksummed_load */
	unsigned int source_port; /* first fixed source port of reused_source_port */
	struct endpoint listen; /* default: loopback address of the family, free port */
	struct endpoint connect; /* default: where the listener is bound */
	struct endpoint connect2; /* second destination of reused_source_port */
	int client_netns; /* namespace of the client sockets, -1: the own one */
};

struct pair {
	int client;
	int server;
};

/* Parses ADDR:PORT or [ADDR]:PORT; false when it is not an address of the family. */
bool endpoint_parse(enum family family, const char *text, struct endpoint *endpoint);
void endpoint_set_port(struct endpoint *endpoint, uint16_t port);
uint16_t endpoint_port(const struct endpoint *endpoint);

/* The loopback address of the family, port 0. */
void endpoint_loopback(enum family family, struct endpoint *endpoint);

int listener_bind(const struct options *options);
void listener_listen(int listener);
int listener_open(const struct options *options);

/* Where a client connects in order to reach the listener. */
void listener_target(const struct options *options, int listener, struct endpoint *target);

int client_socket(const struct options *options);
int client_socket_of(const struct options *options, int protocol);

/* A socket of any kind in the namespace of the clients. */
int client_namespace_socket(const struct options *options, int domain, int type, int protocol);

/* 0 when established, else the errno. */
int client_try_connect(int client, const struct endpoint *target);
void client_connect(int client, const struct endpoint *target);
int server_accept(const struct options *options, int listener);
void pair_connect(const struct options *options, int listener, struct pair *pair);
void pair_open(const struct options *options, struct pair *pair);

void option_set(int fd, int level, int option, int value);
int option_get(int fd, int level, int option);
void nonblock_set(int fd);
void nonblock_clear(int fd);

/* Closing sends RST instead of FIN. */
void close_with_reset(int fd);

unsigned int count_or(const struct options *options, unsigned int otherwise);

#endif
