/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* How much may wait for a reader past TCP, and when TCP can take a message instead. */
#ifndef SHUNT_QUEUE_BOUND_H
#define SHUNT_QUEUE_BOUND_H

#include "pair_state.h"

#define MESSAGE_OVERHEAD 1024 /* kernel memory of a queued message beyond its bytes */

/* The sender's view while it decides. */
struct delivery {
	struct connection *connection;
	struct pair *pair;
	struct pair_end *mine;
	struct pair_end *theirs;
	struct node_config *settings;
	__u64 now_ns;
	__u32 write_seq;
	__u32 size;
	__u32 tcp_state; /* of the sender */
	__u32 send_buffer; /* of the sender, in bytes */
};

/*
 * Bytes that wait in the receiver's queue, plus what each message costs beyond them. Exact where the
 * kernel keeps the sum (sk_psock.msg_tot_len, 6.18), else counted from when it was last seen empty.
 */
static __always_inline __u64 queued_cost(const struct connection *connection,
					 const struct sock *receiver)
{
	__u64 bytes = connection->queued_bytes, messages = connection->queued_messages;
	const struct sk_psock___sum *psock = (const void *)socket_psock(receiver);

	if (psock && bpf_core_field_exists(psock->msg_tot_len)) {
		bytes = READ(psock, msg_tot_len);
		if (messages > bytes)
			messages = bytes;
	}
	return bytes + messages * MESSAGE_OVERHEAD;
}

/*
 * Whether the receiver's queue has no room: it holds as much as TCP would hold for a reader that
 * stalls, in the receiver's buffer and the sender's, and so many bytes beyond. Less would be slower
 * than TCP: redirected bytes are charged to the receive buffer (6.13), so TCP drops what it then
 * sends within its old window, and waits 200 ms.
 */
static __always_inline int exceeds_bound(struct delivery *delivery, const struct sock *receiver,
					 __u64 beyond)
{
	struct connection *connection = delivery->connection;
	__u64 ceiling = delivery->settings->queue_ceiling_bytes;
	__u64 bound = (__u64)READ(receiver, sk_rcvbuf) + delivery->send_buffer;

	if (!socket_has_queued_messages(receiver)) {
		connection->queued_bytes = 0;
		connection->queued_messages = 0;
		return delivery->size > ceiling;
	}
	if (bound > ceiling)
		bound = ceiling;
	return queued_cost(connection, receiver) + delivery->size + MESSAGE_OVERHEAD >
	       bound + beyond;
}

#define PAGE_SHIFT_MIN 12 /* larger pages: fewer of them are needed */
#define MEMORY_MARGIN_PAGES 32 /* for other sockets that ask at this moment */

/* Whether the host's TCP, or the memory cgroup (v1) of the receiver, comes to its end. */
static __always_inline int memory_is_short(const struct sock *receiver, __u64 pages)
{
	const struct mem_cgroup *memory = READ(receiver, sk_memcg);
	/* A number; any kernel type with one word in front lets it be loaded. */
	const struct list_head *pressure =
		(const void *)READ(receiver, __sk_common.skc_prot, memory_pressure);

	if (READ(pressure, next))
		return 1;
	if (!memory || !bpf_core_field_exists(memory->tcpmem))
		return 0;
	return READ(memory, tcpmem.usage.counter) + pages + MEMORY_MARGIN_PAGES >
	       READ(memory, tcpmem.max);
}

/*
 * Whether the kernel may have no memory to charge the message to. TCP would drop the packet and send it
 * again; a redirect fails, and send() says ENOMEM, which it never does on TCP (net/ipv4/tcp_bpf.c,
 * bpf_tcp_ingress()). What the receiver has in advance is enough for small messages.
 */
static __always_inline int may_lack_memory(const struct delivery *delivery,
					   const struct sock *receiver)
{
	if ((__s64)delivery->size <= READ(receiver, sk_forward_alloc))
		return 0;
	return memory_is_short(receiver, (delivery->size >> PAGE_SHIFT_MIN) + 1);
}

/* Whether what TCP may still send into its advertised window fits beside the redirected bytes. */
static __always_inline int tcp_has_room(const struct sock *receiver)
{
	const struct tcp_sock *tp = (const void *)receiver;
	__u64 window = READ(tp, rcv_wnd);
	__u64 used = READ(receiver, sk_backlog.rmem_alloc.counter);

	return used + window + window / 4 <= (__u64)READ(receiver, sk_rcvbuf);
}

#endif
