/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Every struct and constant that the BPF programs and the controller both see. A test compares size
 * and offsets of each struct with its Java class through BTF. Integers are host order unless a field
 * is called *_be. Pads are zero.
 */
#ifndef SHUNT_LAYOUT_H
#define SHUNT_LAYOUT_H

#include "counter_layout.h"
#include "reasons.h"
#include "traits.h"

/* Raised when a pinned map's layout changes; part of the pin directory's name. */
enum layout_version {
	LAYOUT_VERSION = 4,
};

enum mode {
	MODE_OFF = 0, /* plain TCP, not even paired */
	MODE_OBSERVE = 1, /* pair and count, move nothing */
	MODE_ACCELERATE = 2,
	MODE_RETIRED = 3, /* a newer or older version took over: members go on, nothing new joins */
};

enum side {
	SIDE_ACTIVE = 0, /* the end that called connect() */
	SIDE_PASSIVE = 1, /* the end that was accepted */
};

/* How far a connection has come; steps only grow, but for LEFT -> ADOPTED after a mode change. */
enum step {
	STEP_UNPAIRED = 0,
	STEP_PENDING = 1, /* nonce sent, not answered yet */
	STEP_PAIRED = 2,
	STEP_ADOPTED = 3, /* this socket is a member of the SOCKHASH */
	STEP_JOINED = 4, /* this socket has redirected at least one message */
	STEP_LEAVING = 5, /* quiescing: all messages by TCP, still a member */
	STEP_LEFT = 6, /* removed from the SOCKHASH, plain TCP again */
};

/* Progress of a nonce: it is answered once. */
enum nonce_use {
	NONCE_PENDING = 0,
	NONCE_ANSWERING = 1, /* the passive end fills in its half */
	NONCE_CONSUMED = 2, /* both ends know each other */
	NONCE_REFUSED = 3, /* the passive end will not pair: its half has the reason */
};

enum event_type {
	EVENT_OPEN = 0, /* paired */
	EVENT_ADOPT = 1,
	EVENT_JOIN = 2, /* first redirected message of a direction */
	EVENT_SPILL = 3, /* a joined direction went back to TCP for good (reason says why) */
	EVENT_CLOSE = 4,
	EVENT_TRAIT = 5, /* a workload trait was learned */
	EVENT_REFUSE = 6, /* the kernel refused an adoption */
	EVENT_STAND_DOWN = 7, /* an endpoint is observed for a while; told by the controller */
	EVENT_RESUME = 8, /* it is accelerated again; told by the controller */
	EVENT_NEIGHBOUR = 9, /* somebody else is on a hook of the node; told by the controller */
	EVENT_NEIGHBOUR_GONE = 10, /* and has left; told by the controller */
};

enum endpoint_flag {
	ENDPOINT_SAME_POD = 1, /* pairs within one network namespace */
	ENDPOINT_SAME_NODE = 2, /* pairs across network namespaces of this host */
	ENDPOINT_PORTS_INCLUDE = 4, /* only the included ports */
};

enum netns_flag {
	NETNS_HOOKED = 1, /* adoption is attached here */
	NETNS_INTERCEPTED = 2, /* a sidecar in it intercepts: a peer that is heard on lo is local */
	NETNS_TRANSLATED = 4, /* the host translates destinations: any peer may be local */
};

enum selector_field {
	SELECTOR_NETNS = 1,
	SELECTOR_CGROUP = 2,
	SELECTOR_EXECUTABLE = 4,
};

#define ENDPOINTS_MAX 1024
#define PORT_RANGES_MAX 16

/* SOCKHASH key: one end of one connection. */
struct end_key {
	__u64 nonce; /* random, drawn by the active end */
	__u64 side; /* enum side */
};

/* A workload: what runs (executable) and where (cgroup). */
struct workload {
	__u64 cgroup_id; /* cgroup v2 id = inode number of its directory; 0: any */
	__u64 exe_inode; /* 0: unknown or any */
	__u32 exe_dev; /* kernel dev_t (major << 20 | minor); 0: unknown or any */
	__u32 pad;
};

/* What the node knows of one end of a pair. Written by the program that runs for that end. */
struct pair_end {
	__u64 sk; /* kernel address of its struct sock, compared and probe-read, never dereferenced */
	__u64 cookie; /* socket cookie */
	__u64 netns_cookie;
	struct workload workload;
	__u32 endpoint; /* index into endpoint_policies */
	__u32 first_sent_seq; /* sequence number of the first byte it sends, to find rewriters */
	__u32 first_received_seq; /* sequence number of the first byte it receives */
	__u32 step; /* enum step */
	__u32 reason; /* enum reason: why it is not accelerated or has left */
	__u32 adopted_seq; /* copied_seq when it became a member */
	__u32 turns; /* as in struct connection, written once they are enough */
	__u32 messages; /* messages sent as a member: how the other end sees turns */
	__u32 errno_value; /* of the last refused insert */
	__u32 pad;
	__u64 last_redirect_ns; /* CLOCK_MONOTONIC, coarse: last redirect verdict towards the peer */
};

/* A connection between two sockets of this host. Key: the nonce. */
struct pair {
	__u64 nonce; /* repeats the key: a recycled element is recognised */
	__u64 created_ns; /* CLOCK_MONOTONIC */
	__u64 leaving_ns; /* CLOCK_MONOTONIC: when both directions went to TCP; 0: they did not */
	__u32 consumed; /* enum nonce_use */
	__u32 leaving_reason; /* enum reason */
	__u32 pad[6];
	struct pair_end end[2]; /* indexed by enum side */
};

/* Socket-local state of one end. */
struct connection {
	__u64 nonce; /* 0: not paired */
	__u64 netns_cookie;
	__u64 cookie;
	__u64 opened_ns; /* CLOCK_MONOTONIC */
	struct workload workload; /* inherited from the listener, set in process context */
	__u32 side; /* enum side */
	__u32 endpoint;
	__u32 reason; /* enum reason: connection reason as of now */
	__u32 last_pass_reason; /* enum reason of the last message that went by TCP */
	__u32 flags; /* CONNECTION_* */
	__u32 invitations; /* packets that carried the option */
	__u32 queued_messages; /* sent since the peer's queue was last seen empty */
	__u32 trait_generation; /* of the last look at the traits */
	__u64 queued_bytes; /* sent since the peer's queue was last seen empty */
	__u64 last_tcp_ns; /* CLOCK_MONOTONIC, coarse: last message that went by TCP */
	__u64 messages_redirected;
	__u64 bytes_redirected;
	__u64 messages_passed;
	__u64 bytes_passed;
	__u32 run_messages; /* sent since the peer last sent one: a one-way stream */
	__u32 run_peer_messages; /* the peer's message count when the run began */
	__u64 run_bytes;
	__u32 turns; /* flights of its data that the other end acknowledged, until they are enough */
	__u16 segment_bytes; /* mean of what went by TCP before its first message as a member, at most 64 KiB */
	__u16 merged_turns; /* in a row, of writes that TCP would have merged */
	__u32 writer; /* thread of the last redirected message; 0: none yet */
	__u32 pad;
};

enum connection_flag {
	CONNECTION_WAS_MEMBER = 1, /* in `members`, maybe under an old nonce: not paired again */
	CONNECTION_JOINED = 2, /* has redirected at least one message */
	CONNECTION_SPILLED = 4, /* last message went by TCP after a redirected one */
	CONNECTION_WATCHED = 8, /* asked for callbacks here: else they are another version's */
	CONNECTION_PEER_READY = 16, /* the peer has read since it was adopted */
	CONNECTION_WORKLOAD_SEEN = 32, /* workload was confirmed in the sender's own context */
	CONNECTION_MANY_WRITERS = 64, /* several threads have redirected messages */
};

struct port_range {
	__u16 first;
	__u16 last;
};

/* Policy of one endpoint, compiled by the controller. */
struct endpoint_policy {
	__u32 mode; /* enum mode */
	__u32 flags; /* enum endpoint_flag */
	__u32 include_count;
	__u32 exclude_count;
	struct port_range include[PORT_RANGES_MAX]; /* on the passive end's port */
	struct port_range exclude[PORT_RANGES_MAX];
};

/* What a network namespace is to the node. Key: netns cookie. */
struct netns_state {
	__u32 flags; /* enum netns_flag */
	__u32 endpoint; /* endpoint of sockets that no narrower selector matches */
};

/* Narrower selectors: fields that do not count are zero. Value: endpoint index. */
struct selector {
	__u64 netns_cookie;
	struct workload workload;
};

/* 16 bytes, IPv4 as v4-mapped. */
struct address {
	__u32 word_be[4];
};

/*
 * The node's settings; one row, mapped by the controller. `mode` stays at offset 0 of the map called
 * `config` in every layout version, and the values of enum mode keep their meaning: that is how a node
 * of one version retires or stops the programs of another.
 */
struct node_config {
	__u32 mode; /* enum mode: ceiling over all endpoints */
	__u32 default_endpoint; /* of network namespaces that are not known */
	__u32 selectors; /* bit per combination of enum selector_field in use (1 << fields) */
	__u32 events; /* bit per enum event_type that someone listens to */
	__u32 draining; /* 1: all traffic back to TCP, nothing is adopted */
	__u32 self_test_failed; /* 1: nothing is adopted */
	__u32 adopt_turns; /* turns that each end needs before adoption */
	__u32 invitations_max; /* packets that may carry the option */
	__u32 queue_ceiling_bytes; /* most bytes queued past TCP for one reader */
	__u32 fionread_guard; /* 1: FIONREAD is wrong on this kernel */
	__u64 refresh_ns; /* a message goes by TCP this often */
	__u64 quiesce_ns; /* no redirect for so long before a member is removed */
	__u32 trait_generation; /* raised by whoever changes traits */
	__u32 sweep_wanted; /* set by programs: a pair leaves; cleared by the controller */
	__u32 traits_known; /* enum trait of any workload; programs set, the controller clears */
	__u32 tapped; /* 1: a tap is open */
	__u32 policy_changed; /* 1: this sweep asks anew which endpoint a socket belongs to */
	__u32 unknown_waits; /* 1: a network namespace not known yet may be a pod's: ask again later */
};

/* Event ring record. */
struct event {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 nonce;
	__u64 cookie;
	__u64 netns_cookie;
	struct workload workload;
	__u64 bytes_redirected; /* CLOSE, SPILL */
	__u64 bytes_passed; /* CLOSE, SPILL */
	struct address local;
	struct address remote;
	__u16 local_port;
	__u16 remote_port;
	__u32 type; /* enum event_type */
	__u32 reason; /* enum reason */
	__u32 side; /* enum side */
	__u32 endpoint;
	__u32 errno_value; /* REFUSE */
	__u32 traits; /* TRAIT */
	__u32 pad;
};

/* Row of the connection iterator: one TCP socket as it is now. On its stack: 6.1 has room for this. */
struct connection_row {
	__u64 cookie; /* 0: the socket has none yet */
	__u64 netns_cookie;
	__u64 nonce;
	__u64 peer_cookie;
	__u64 age_ns; /* 0: unknown (older than the node) */
	struct workload workload;
	__u64 messages_redirected;
	__u64 bytes_redirected;
	__u64 messages_passed;
	__u64 bytes_passed;
	__u64 bytes_acked; /* sent by TCP and acknowledged */
	struct address local;
	struct address remote;
	__u16 local_port;
	__u16 remote_port;
	__u16 tcp_state; /* include/net/tcp_states.h */
	__u16 side; /* enum side */
	__u32 step; /* enum step */
	__u32 reason; /* enum reason, connection */
	__u32 last_pass_reason; /* enum reason, message */
	__u32 endpoint;
	__u32 errno_value;
	__u32 turns;
};

#endif
