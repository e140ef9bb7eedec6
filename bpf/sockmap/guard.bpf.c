// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Guards in the caller's own context, where the owner of a socket changes what it is:
 * setsockopt() of an option that redirected data would not honour marks the socket before the option
 * takes effect; connect() learns the workload and refuses a former member with unread bytes.
 * Fails open: a socket without our state is let through untouched.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "young.h"

#include "license.h"

#define ALLOW 1
#define REFUSE_EPERM 0

/* include/uapi/asm-generic/socket.h; the libc headers clash with the kernel types above. */
#define SOL_SOCKET 1
#define SO_OOBINLINE 10
#define SO_RCVLOWAT 18
#define SO_ATTACH_FILTER 26
#define SO_TIMESTAMP_OLD 29
#define SO_TIMESTAMPNS_OLD 35
#define SO_TIMESTAMPING_OLD 37
#define SO_PEEK_OFF 42
#define SO_MAX_PACING_RATE 47
#define SO_ATTACH_BPF 50
#define SO_ZEROCOPY 60
#define SO_TXTIME 61
#define SO_TIMESTAMP_NEW 63
#define SO_TIMESTAMPNS_NEW 64
#define SO_TIMESTAMPING_NEW 65
/* include/uapi/linux/tcp.h */
#define SOL_TCP 6
#define TCP_REPAIR 19
#define TCP_ULP 31
#define TCP_INQ 36
#define TCP_TX_DELAY 37

/* 1: setting this option keeps the socket off, whatever its value. */
static __always_inline int option_excludes(__s32 level, __s32 name)
{
	if (level == SOL_TCP)
		return name == TCP_REPAIR || name == TCP_ULP || name == TCP_INQ ||
		       name == TCP_TX_DELAY;
	if (level != SOL_SOCKET)
		return 0;
	switch (name) {
	case SO_OOBINLINE: /* expects urgent data, which a redirect would make ordinary */
	case SO_ATTACH_FILTER:
	case SO_ATTACH_BPF:
	case SO_TIMESTAMP_OLD:
	case SO_TIMESTAMPNS_OLD:
	case SO_TIMESTAMPING_OLD:
	case SO_TIMESTAMP_NEW:
	case SO_TIMESTAMPNS_NEW:
	case SO_TIMESTAMPING_NEW:
	case SO_PEEK_OFF:
	case SO_MAX_PACING_RATE:
	case SO_ZEROCOPY:
	case SO_TXTIME:
		return 1;
	default:
		return 0;
	}
}

/* SO_RCVLOWAT 0 and 1 mean what they always mean; more makes readers wait for more. */
static __always_inline int raises_low_water_mark(struct bpf_sockopt *options)
{
	__s32 *value = options->optval;

	if (options->level != SOL_SOCKET || options->optname != SO_RCVLOWAT)
		return 0;
	return (void *)(value + 1) <= options->optval_end && *value > 1;
}

/* The trait that this option shows, or TRAIT_KINDS: none is remembered for it. */
static __always_inline __u32 kind_of_option(__s32 level, __s32 name)
{
	if (level == SOL_TCP)
		return name == TCP_INQ ? TRAIT_KIND_INQ : TRAIT_KINDS;
	if (name == SO_ZEROCOPY)
		return TRAIT_KIND_ZEROCOPY;
	return name == SO_PEEK_OFF ? TRAIT_KIND_PEEK_OFF : TRAIT_KINDS;
}

/*
 * A socket that has the option before it is adopted never is, at no cost. One that gets it later was a
 * member in vain: its workload is remembered.
 */
static __always_inline void remember_option(const struct pair_end *end, __u32 kind)
{
	struct workload workload;

	if (kind == TRAIT_KINDS)
		return;
	workload_from_current(&workload);
	if (end && is_member(end))
		learn((const void *)end->sk, &workload, kind);
	else
		learn_again(&workload, kind);
}

SEC("cgroup/setsockopt")
int guard_setsockopt(struct bpf_sockopt *options)
{
	struct bpf_sock *sk = options->sk;
	struct connection *connection;
	struct node_config *settings;
	struct pair *pair;
	__u32 reason, kind = TRAIT_KINDS;

	if (!sk || sk->protocol != IPPROTO_TCP)
		return ALLOW;
	if (raises_low_water_mark(options))
		reason = REASON_LOW_WATER_MARK;
	else if (option_excludes(options->level, options->optname))
		reason = REASON_SOCKET_OPTION;
	else
		return ALLOW;
	if (reason == REASON_SOCKET_OPTION)
		kind = kind_of_option(options->level, options->optname);
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	settings = node_settings();
	pair = connection && connection->nonce ? find_pair(connection->nonce) : 0;
	if (!settings || !pair) { /* not paired: adoption looks at the socket itself */
		remember_option(0, kind);
		return ALLOW;
	}
	remember_option(end_of(pair, connection->side), kind);
	COUNT_NODE(options_excluded);
	begin_leaving(pair, settings, reason);
	if (event_is_wanted(settings, EVENT_SPILL))
		emit_event((const void *)end_of(pair, connection->side)->sk, connection,
			   EVENT_SPILL, reason, 0);
	return ALLOW;
}

static __always_inline int guard_connect(struct bpf_sock_addr *call)
{
	struct bpf_sock *sk = call->sk;
	struct young young = {};
	struct connection *connection;
	struct tcp_sock *tp;

	if (!sk || call->protocol != IPPROTO_TCP)
		return ALLOW;
	workload_from_current(&young.workload);
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (!connection) {
		young.cookie = bpf_get_socket_cookie(call);
		if (keep_young(&young))
			return ALLOW;
		connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	}
	if (!connection) {
		COUNT_NODE(storage_failed);
		return ALLOW;
	}
	connection->workload = young.workload;
	if (!(connection->flags & CONNECTION_WAS_MEMBER))
		return ALLOW;
	/* The old connection's redirected bytes would be read as the new one's. */
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp || !socket_has_queued_messages((const void *)tp))
		return ALLOW;
	COUNT_NODE(reconnects_refused);
	return REFUSE_EPERM;
}

SEC("cgroup/connect4")
int guard_connect4(struct bpf_sock_addr *call)
{
	return guard_connect(call);
}

SEC("cgroup/connect6")
int guard_connect6(struct bpf_sock_addr *call)
{
	return guard_connect(call);
}
