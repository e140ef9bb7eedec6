/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What is known of TLS connections, and of the threads that are in a call of their library. */
#ifndef SHUNT_TLS_STATE_H
#define SHUNT_TLS_STATE_H

#include "library_calls.h"

#define CONNECTIONS_MAX 16384
#define CALLS_MAX 8192

enum tls_operation {
	TLS_HANDSHAKE,
	TLS_READ,
	TLS_WRITE,
};

/*
 * Written with each call of the library, deleted when it frees the SSL; those of processes that have ended
 * are deleted by the controller. Full: the connection is not seen; counted as untracked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CONNECTIONS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct trace_tls_key);
	__type(value, struct trace_tls);
} connections SEC(".maps");

/* A thread in a call of the library. */
struct call {
	__u64 ssl;
	__u64 begin_ns; /* CLOCK_MONOTONIC */
	__u64 count; /* where the library writes how many bytes it was; 0: it returns that */
	__u64 length; /* that the caller offers */
	__u64 buffer; /* of the read() that is under way */
	__u64 stack; /* where it began: calls that it makes itself begin below */
	__u32 operation; /* enum tls_operation */
	__u32 fd; /* of that read() */
	__u32 watched; /* 1: what it reads and writes is looked at, its handshake is not over */
	__u32 inner; /* 1: it called the handshake itself */
};

/*
 * Key: id of the thread, with that of its process. Written and deleted by the programs. Threads that died in
 * a call are pushed out by others. No memory: this call is not seen; counted as untracked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CALLS_MAX);
	__type(key, __u64);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline struct call *current_call(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&calls, &thread);
}

/*
 * Calls that have made a call for another connection, which carries theirs: of TLS to a server, through a
 * proxy that is asked over TLS itself. The same key. Written when the inner call begins, deleted when it ends.
 * Few programs do so; full: the oldest call is pushed out, and not seen.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OUTER_CALLS_MAX);
	__type(key, __u64);
	__type(value, struct call);
} outer_calls SEC(".maps");

static __always_inline struct trace_tls *find_connection(__u64 ssl)
{
	struct trace_tls_key key = {.ssl = ssl, .pid = bpf_get_current_pid_tgid() >> 32};

	return bpf_map_lookup_elem(&connections, &key);
}

static __noinline void add_connection(__u64 ssl)
{
	struct trace_tls_key key = {.ssl = ssl, .pid = bpf_get_current_pid_tgid() >> 32};
	struct trace_tls fresh = {.head = {.ssl = ssl, .pid = key.pid}};

	fresh.socket.netns_cookie = current_netns_cookie();
	fresh.socket.cgroup_id = current_cgroup_id();
	see_whole_process(&fresh.process);
	if (bpf_map_update_elem(&connections, &key, &fresh, BPF_NOEXIST))
		COUNT(untracked);
}

static __always_inline void remove_connection(__u64 ssl)
{
	struct trace_tls_key key = {.ssl = ssl, .pid = bpf_get_current_pid_tgid() >> 32};

	bpf_map_delete_elem(&connections, &key);
}

/* 1: this handshake is told; asked once for all that is told of it. */
static __always_inline int is_told(struct trace_tls *connection)
{
	if (!connection->permitted)
		connection->permitted = is_permitted(connection->socket.cgroup_id) ? 1 : 2;
	return connection->permitted == 1;
}

static __noinline void write_connection(struct trace_tls *connection)
{
	write_record(connection, sizeof(*connection));
}

static __always_inline void tell(struct trace_tls *connection, __u32 kind)
{
	struct trace_socket socket = connection->socket;

	connection->head.time_ns = bpf_ktime_get_ns();
	connection->head.kind = kind;
	connection->head.readers = readers_of_current(&socket, connection->head.pid);
	if (!connection->head.readers)
		return;
	if (kind == TRACE_TLS_CLOSED ? is_permitted(socket.cgroup_id) : is_told(connection))
		write_connection(connection);
}

#endif
