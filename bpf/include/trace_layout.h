/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Structs and constants of the telemetry modules that the programs and the controller both see. A test
 * compares them with their Java classes through BTF. Integers are host order unless a field is called
 * *_be. Pads are zero.
 */
#ifndef SHUNT_TRACE_LAYOUT_H
#define SHUNT_TRACE_LAYOUT_H

#include "layout.h"

enum trace_limit {
	TRACE_READERS_MAX = 8, /* of one module at a time */
	TRACE_RTT_BUCKETS = 28, /* the last one holds all above 2^27 us, two minutes */
	TRACE_FRAMES_MAX = 127, /* of a stack; kernel.perf_event_max_stack is 127 by default */
	TRACE_CHOSEN_MAX = 4096, /* rows of all readers; a node has at most 1,022 pods */
	TRACE_USED_UP_MAX = 64, /* a power of two */
};

/* What one reader wants; all that is set must match, 0 matches any. Written by the controller. */
struct trace_filter {
	__u64 cgroup_id; /* with those below it */
	__u64 netns_cookie;
	__u32 pid; /* of the process, not of a thread */
	__u32 port; /* local or remote */
	__u32 chosen; /* 1: only network namespaces for which the map `chosen` has a row of this reader */
	__u32 pad;
};

/* A network namespace that a reader has chosen: key of the map `chosen`. Written by the controller. */
struct trace_choice {
	__u64 netns_cookie;
	__u32 reader; /* place in trace_state */
	__u32 pad;
};

/*
 * What a CPU knows until the next tick of the kernel's timer (1 to 10 ms), so that what is shed costs little, and what
 * it has counted. Written by the programs, counts read by the controller. Whole cache lines; of what is shed only the
 * first is touched, while one reads.
 */
struct trace_cpu {
	__u64 jiffies; /* of the tick */
	__u64 second; /* CLOCK_MONOTONIC, when this CPU first asked; 1 at least */
	__u64 last_used_up; /* cgroup whose room was found used up last */
	__u32 node_used_up; /* 1: the room of the node is */
	__u32 taken; /* in this tick, by `rtt` */
	__u64 shed; /* records over the rate of their pod or of the node */
	__u64 matched[TRACE_READERS_MAX]; /* what a reader's filter let through, shed or not */
	__u64 unsampled[TRACE_READERS_MAX]; /* connections that the share of a reader left out */
	__u64 lost; /* records for which the ring had no room */
	__u64 untracked; /* what a full table had no room for */
	__u64 pad;
	__u64 used_up[TRACE_USED_UP_MAX]; /* cgroups whose room is, each by its last bits */
};

/* The state of a module; mapped by the controller. */
struct trace_state {
	struct trace_filter readers[TRACE_READERS_MAX];
	__u32 unfiltered; /* bit per place in which somebody reads all that there is */
	__u32 filtered; /* bit per place in which somebody reads what its filter lets through */
	__u32 by_process; /* bit per place whose filter names a process */
	__u32 pad;
};

/* A TCP socket, as its own end sees it. */
struct trace_socket {
	__u64 netns_cookie;
	__u64 cgroup_id; /* of whoever made it, or of its listener */
	struct address local;
	struct address remote;
	__u16 local_port;
	__u16 remote_port;
	__u32 pad;
};

/* Who did it; pid 0: not known, because the kernel did not run for it then. */
struct trace_process {
	__u32 pid;
	__u32 command[4]; /* 16 characters */
	__u32 pad;
};

/* A connect() that has come to its end. */
struct trace_connect {
	__u64 time_ns; /* CLOCK_MONOTONIC: of the end */
	__u64 latency_ns; /* from the first SYN */
	struct trace_socket socket;
	struct trace_process process;
	__u32 readers; /* bit per reader */
	__u32 established; /* 1: it was */
	__u32 errno_value; /* of the socket; 0: it was closed before an answer */
	__u32 pad;
};

/* A change of a TCP state. */
struct trace_change {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 cookie; /* 0: the socket has none */
	__u64 in_state_ns; /* 0: since before the trace */
	__u64 sk; /* tells sockets without a cookie apart while they live */
	struct trace_socket socket;
	struct trace_process process;
	__u32 readers; /* bit per reader */
	__u32 old_state; /* include/net/tcp_states.h */
	__u32 new_state;
	__u32 errno_value; /* of the socket */
};

enum trace_fast_open {
	TRACE_FAST_OPEN_NONE = 0, /* an ordinary handshake */
	TRACE_FAST_OPEN_ASKED = 1, /* the client asked for a cookie */
	TRACE_FAST_OPEN_ACCEPTED = 2, /* data came with the SYN and was taken */
	TRACE_FAST_OPEN_REFUSED = 3, /* data went with the SYN and had to be sent again */
};

/* A handshake that has come to its end. */
struct trace_handshake {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	struct trace_socket socket;
	struct trace_process process;
	__u32 readers; /* bit per reader */
	__u32 side; /* enum side */
	__u32 fast_open; /* enum trace_fast_open */
	__u32 pad;
};

/* Between whom, and for which reader. */
struct trace_pair {
	__u64 netns_cookie;
	__u64 cgroup_id;
	struct address local;
	struct address remote;
	__u32 reader; /* place in trace_state */
	__u32 pad;
};

/* Round trip times of a pair: bucket n counts those from 2^n to 2^(n+1) - 1 us, the first also 0. */
struct trace_rtt {
	__u64 sum_us;
	__u32 least_us;
	__u32 most_us;
	__u64 buckets[TRACE_RTT_BUCKETS];
};

/*
 * A moment of a CPU. Addresses follow, the innermost first: room for TRACE_FRAMES_MAX of the kernel, and then
 * user_frames.
 */
struct trace_sample {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 cgroup_id;
	struct trace_process process;
	__u32 thread; /* id of the thread */
	__u32 readers; /* bit per reader */
	__u32 kernel_frames;
	__u32 user_frames;
};

enum trace_way {
	TRACE_RECEIVED = 0, /* the socket's owner read them */
	TRACE_SENT = 1,
};

enum trace_bytes_flag {
	TRACE_BYTES_REDIRECTED = 1, /* they went past TCP */
	TRACE_BYTES_END = 2, /* nothing more comes this way */
	TRACE_BYTES_TLS =
		4, /* plaintext that the program handed to its TLS library, or got of it */
};

/* Bytes that a call carried, or a part of them; captured_bytes of payload follow. */
struct trace_bytes {
	__u64 time_ns; /* CLOCK_MONOTONIC: the call was done */
	__u64 connection; /* number of its own */
	__u64 position; /* of the first byte: so many went this way since the connection is watched */
	struct trace_socket socket;
	struct trace_process process;
	__u32 readers; /* bit per reader */
	__u32 way; /* enum trace_way */
	__u32 flags; /* enum trace_bytes_flag */
	__u32 length_bytes; /* of the part */
	__u32 captured_bytes; /* the first of them */
	__u32 pad;
};

enum trace_gc_limit {
	TRACE_GC_POOLS_MAX = 12, /* a G1 of JDK 17 has 8, a generational ZGC of JDK 25 no more */
	TRACE_GC_NAME_BYTES = 32, /* the longest known name has 29 characters */
};

/* A memory pool before and after a collection. */
struct trace_gc_pool {
	char name[TRACE_GC_NAME_BYTES]; /* ends with the first 0, if there is one */
	__u64 used_before; /* bytes */
	__u64 used_after;
	__u64 committed_after;
};

enum trace_gc_kind {
	TRACE_GC_PAUSE = 0, /* of the whole program */
	TRACE_GC_FULL_PAUSE = 1, /* the same, the JVM calls the collection a full one */
	TRACE_GC_CYCLE = 2, /* beside the program, which goes on */
};

/* A collection of a JVM that has come to its end, or a pause that collected nothing. */
struct trace_gc {
	__u64 time_ns; /* CLOCK_MONOTONIC: of the end */
	__u64 duration_ns;
	__u64 pause_begin_ns; /* CLOCK_MONOTONIC; 0: the program was not stopped */
	__u64 netns_cookie;
	__u64 cgroup_id;
	struct trace_process process;
	__u32 readers; /* bit per reader */
	__u32 kind; /* enum trace_gc_kind */
	__u32 pool_count; /* of pools */
	__u32 pad;
	char manager[TRACE_GC_NAME_BYTES]; /* what collected; empty: nothing did */
	struct trace_gc_pool pools[TRACE_GC_POOLS_MAX];
};

/* What a thread of a JVM is about. */
struct trace_collector {
	struct trace_gc
		record; /* filled as pools come; its pause_begin_ns tells whether the program stands */
	__u64 begin_ns; /* CLOCK_MONOTONIC: of the collection; 0: none */
	__u32 full; /* 1: the JVM calls the pause a full one */
	__u32 ended; /* pools seen after the collection */
	__u32 told; /* records of this pause */
	__u32 pending; /* 1: the record is whole, and waits for the end of the pause */
};

enum trace_tls_limit {
	/* Of a ClientHello. Those of OpenSSL and BoringSSL have SNI and versions before their long keys. */
	TRACE_TLS_HELLO_BYTES = 1024,
};

enum trace_tls_kind {
	TRACE_TLS_HELLO = 0, /* struct trace_tls_hello; the others are struct trace_tls */
	TRACE_TLS_ESTABLISHED = 1, /* a handshake has come to its end */
	TRACE_TLS_FAILED = 2, /* it was given up */
	TRACE_TLS_CLOSED = 3, /* a connection has come to its end */
};

enum trace_tls_side {
	TRACE_TLS_UNKNOWN = 0, /* no hello was seen */
	TRACE_TLS_CLIENT = 1,
	TRACE_TLS_SERVER = 2,
};

/* What all records of the module begin with. */
struct trace_tls_head {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 ssl; /* address of the SSL in its process: with the pid it tells connections apart */
	__u32 pid;
	__u32 kind; /* enum trace_tls_kind */
	__u32 readers; /* bit per reader */
	__u32 length; /* of bytes, of a hello */
};

/* A ClientHello or ServerHello, from its handshake header on. Stays on the node. */
struct trace_tls_hello {
	struct trace_tls_head head;
	__u8 bytes[TRACE_TLS_HELLO_BYTES];
};

/* A TLS connection; a row while it lasts, and a record. */
struct trace_tls {
	struct trace_tls_head head;
	__u64 begin_ns; /* CLOCK_MONOTONIC: of the handshake; 0: before the trace */
	__u64 duration_ns; /* of the handshake */
	__u64 bytes_read; /* plaintext */
	__u64 bytes_written;
	__u64 reads; /* calls that gave bytes */
	__u64 writes;
	struct trace_socket socket; /* ports 0: the descriptor was not seen */
	struct trace_process process;
	__u32 side; /* enum trace_tls_side */
	__u32 established; /* 1: data may flow */
	__u32 alert; /* that ended the handshake, plus 1; 0: none was seen in clear */
	__u32 header; /* type of the record whose header was read alone; 0: none */
	__u32 permitted; /* 1: its handshake may be told; 2: it is shed; 0: not asked yet */
	__u32 pad;
};

/* Of a row of connections. */
struct trace_tls_key {
	__u64 ssl;
	__u32 pid;
	__u32 pad;
};

#endif
