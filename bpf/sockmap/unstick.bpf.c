// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The way out for a reader that splices from a socket with queued redirected data: epoll says readable,
 * splice() says EAGAIN, for ever. After two seconds of that the connection is reset, which its owner sees
 * as ECONNABORTED and its peer as ECONNRESET: loud, where a hang would be silent. Needs
 * bpf_sock_destroy() (6.5), which only an iterator over TCP sockets may call; without it the reader
 * waits until its peer closes. And the wake-up for a reader that FIONREAD told 0 while TCP bytes wait.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "sockmap_maps.h"
#include "counters.h"
#include "events.h"
#include "policy.h"

#include "license.h"

#define STUCK_NS (2000ULL * 1000 * 1000)

#define SOL_SOCKET 1
#define SO_RCVLOWAT 18

extern int bpf_sock_destroy(struct sock_common *sk) __ksym __attribute__((weak));

/* Setting the low-water mark, here to what it is, ends with sk_data_ready() if bytes wait (5.19). */
static __always_inline void wake_reader(struct sock_common *common)
{
	int mark = READ((const struct sock *)common, sk_rcvlowat);

	bpf_setsockopt(common, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof(mark));
}

SEC("iter/tcp")
int reset_stuck(struct bpf_iter__tcp *context)
{
	struct sock_common *common = context->sk_common;
	struct node_config *settings = node_settings();
	struct connection *connection;
	struct tcp_sock *tp;
	__u64 *since, cookie;

	if (!common || !settings)
		return 0;
	cookie = socket_cookie((const void *)common);
	since = bpf_map_lookup_elem(&stuck, &cookie);
	tp = since ? bpf_skc_to_tcp_sock(common) : 0;
	if (!tp)
		return 0;
	connection = bpf_sk_storage_get(&connections, (struct sock *)tp, 0, 0);
	if (!connection || !(connection->flags & CONNECTION_WAS_MEMBER) ||
	    !socket_has_queued_messages((const void *)tp)) {
		/* It has read by other means, or is not ours, or was told that nothing waits. */
		bpf_map_delete_elem(&stuck, &cookie);
		wake_reader(common);
		return 0;
	}
	if (bpf_ktime_get_ns() - *since < STUCK_NS)
		return 0;
	if (event_is_wanted(settings, EVENT_SPILL))
		emit_event((const void *)tp, connection, EVENT_SPILL, REASON_WORKLOAD_TRAIT, 0);
	if (bpf_sock_destroy && !bpf_sock_destroy(common)) {
		COUNT_NODE(stuck_resets);
		bpf_map_delete_elem(&stuck, &cookie);
	}
	return 0;
}
