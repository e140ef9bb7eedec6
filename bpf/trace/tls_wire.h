/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What handshakes read and write: hellos and alerts go in clear (RFC 8446, RFC 5246). Seen in the system
 * calls of a thread that is in a call of its library, they need no knowledge of the library's structs.
 */
#ifndef SHUNT_TLS_WIRE_H
#define SHUNT_TLS_WIRE_H

#include "tls_state.h"
#include "sockmap/task_sockets.h"

#define RECORD_HEADER_BYTES 5
#define RECORD_ALERT 21
#define RECORD_HANDSHAKE 22
#define ALERT_BYTES 2
#define HELLO_HEADER_BYTES 4 /* type, and length of three bytes */
#define HELLO_BEGIN_BYTES (HELLO_HEADER_BYTES + 2) /* and a version */
#define VERSION_MAJOR 3 /* of all versions since SSL 3.0 */
#define CLIENT_HELLO 1
#define SERVER_HELLO 2

enum tls_direction {
	TLS_IN,
	TLS_OUT,
};

/* Too large for the stack. A thread that is preempted here loses its bytes to another: they are
 * written to the ring before that can happen, as programs do not migrate and do not nest.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct trace_tls_hello);
} scratch SEC(".maps");

/* Bytes that a call moved. */
struct moved {
	__u64 bytes; /* address */
	__u32 length;
	__u32 direction; /* enum tls_direction */
};

static __always_inline void see_descriptor(struct trace_tls *connection, __u32 fd)
{
	const struct sock *sk;

	if (connection->socket.remote_port)
		return;
	sk = current_tcp_socket(fd);
	if (sk)
		see_socket(&connection->socket, sk);
}

/* Bytes of a hello: data of the program may follow it in the same call, and is not copied. */
static __always_inline __u32 hello_length(__u64 from, __u32 length)
{
	__u8 header[HELLO_HEADER_BYTES] = {};
	__u32 own;

	if (length < HELLO_HEADER_BYTES ||
	    bpf_probe_read_user(header, sizeof(header), (const void *)from))
		return 0;
	own = HELLO_HEADER_BYTES + ((__u32)header[1] << 16 | (__u32)header[2] << 8 | header[3]);
	return own < length ? own : length;
}

/*
 * A hello is no row, so it is not counted as matched. Its readers are also those of a handshake whose
 * process ends meanwhile.
 */
static __noinline void tell_hello(struct trace_tls *connection, __u64 from, __u32 length)
{
	struct trace_socket socket = connection->socket;
	struct subject subject = current_subject(connection->head.pid);
	__u32 readers = find_readers(&socket, &subject), row = 0;
	struct trace_tls_hello *hello = bpf_map_lookup_elem(&scratch, &row);

	if (!hello || !readers || !is_told(connection))
		return;
	connection->head.time_ns = bpf_ktime_get_ns();
	connection->head.readers = readers;
	length = hello_length(from, length);
	if (!length)
		return;
	if (length >= TRACE_TLS_HELLO_BYTES)
		length = TRACE_TLS_HELLO_BYTES - 1;
	/* 6.1: the verifier forgets the bound when the compiler copies half a register. */
	barrier_var(length);
	length &= TRACE_TLS_HELLO_BYTES - 1;
	hello->head = connection->head;
	hello->head.kind = TRACE_TLS_HELLO;
	hello->head.length = length;
	if (!bpf_probe_read_user(hello->bytes, length, (const void *)from))
		write_record(hello, sizeof(*hello));
}

/*
 * Encrypted messages of TLS 1.2 are of the same kind of record and begin with any byte. 1: this one begins
 * as a hello does, which is never longer than 64 KiB.
 */
static __always_inline int is_hello(const struct moved *moved)
{
	__u8 begin[HELLO_BEGIN_BYTES] = {};

	if (moved->length < HELLO_BEGIN_BYTES ||
	    bpf_probe_read_user(begin, sizeof(begin), (const void *)moved->bytes))
		return 0;
	return (begin[0] == CLIENT_HELLO || begin[0] == SERVER_HELLO) && !begin[1] &&
	       begin[HELLO_HEADER_BYTES] == VERSION_MAJOR;
}

static __always_inline void see_hello(struct trace_tls *connection, const struct call *call,
				      const struct moved *moved, __u8 type)
{
	if (!is_hello(moved))
		return;
	connection->side = (type == CLIENT_HELLO) == (moved->direction == TLS_OUT)
				   ? TRACE_TLS_CLIENT
				   : TRACE_TLS_SERVER;
	/* The first call of a connection need not be the handshake itself. */
	if (!connection->begin_ns && type == CLIENT_HELLO)
		connection->begin_ns = call->begin_ns;
	tell_hello(connection, moved->bytes, moved->length);
}

/* Looks at what follows a record's header. */
static __always_inline void see_record(struct trace_tls *connection, const struct call *call,
				       const struct moved *moved, __u8 record)
{
	__u8 body[ALERT_BYTES] = {};

	if (moved->length < ALERT_BYTES ||
	    bpf_probe_read_user(body, sizeof(body), (const void *)moved->bytes))
		return;
	if (record == RECORD_HANDSHAKE)
		see_hello(connection, call, moved, body[0]);
	else if (record == RECORD_ALERT && moved->length == ALERT_BYTES)
		connection->alert = body[1] + 1; /* an encrypted one is longer */
}

/* Libraries read a header alone, and then what it announces; they write both together. */
static __noinline void see_moved(struct trace_tls *connection, const struct call *call,
				 struct moved *moved)
{
	__u8 header[RECORD_HEADER_BYTES] = {};
	__u32 record = connection->header;

	if (moved->direction == TLS_IN && record) {
		connection->header = 0;
		see_record(connection, call, moved, record);
		return;
	}
	if (moved->length < RECORD_HEADER_BYTES ||
	    bpf_probe_read_user(header, sizeof(header), (const void *)moved->bytes))
		return;
	if (header[0] < 20 || header[0] > 24 || header[1] != 3)
		return; /* no TLS */
	if (moved->direction == TLS_IN && moved->length == RECORD_HEADER_BYTES) {
		connection->header = header[0];
		return;
	}
	moved->bytes += RECORD_HEADER_BYTES;
	moved->length -= RECORD_HEADER_BYTES;
	see_record(connection, call, moved, header[0]);
}

static __always_inline int see_write(const struct trace_event_raw_sys_enter *enter)
{
	const struct call *call = current_call();
	struct trace_tls *connection;
	struct moved moved = {.direction = TLS_OUT};

	if (!call || !call->watched)
		return 0;
	connection = find_connection(call->ssl);
	if (!connection)
		return 0;
	moved.bytes = enter->args[1];
	moved.length = enter->args[2];
	see_descriptor(connection, enter->args[0]);
	see_moved(connection, call, &moved);
	return 0;
}

static __always_inline int see_read(const struct trace_event_raw_sys_enter *enter)
{
	struct call *call = current_call();

	if (!call || !call->watched)
		return 0;
	call->fd = enter->args[0];
	call->buffer = enter->args[1];
	return 0;
}

static __always_inline int see_read_end(const struct trace_event_raw_sys_exit *end)
{
	struct call *call = current_call();
	struct trace_tls *connection;
	struct moved moved = {.direction = TLS_IN};

	if (!call || !call->buffer)
		return 0;
	moved.bytes = call->buffer;
	moved.length = end->ret;
	call->buffer = 0;
	connection = find_connection(call->ssl);
	if (!connection || end->ret <= 0)
		return 0;
	see_descriptor(connection, call->fd);
	see_moved(connection, call, &moved);
	return 0;
}

#endif
