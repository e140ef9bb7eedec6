/* SPDX-License-Identifier: Apache-2.0 */
/* Redirects every message to whoever has the mirrored addresses, without a question. */
#include "naive.h"

SEC("sk_msg")
int redirect(struct sk_msg_md *message)
{
	struct ends ends = {};

	if (message->family != 2 /* AF_INET */)
		return SK_PASS;
	ends.remote_address = message->local_ip4;
	ends.local_address = message->remote_ip4;
	ends.remote_port = message->local_port;
	ends.local_port = bpf_ntohl(message->remote_port);
	bpf_msg_redirect_hash(message, &sockets, &ends, BPF_F_INGRESS);
	return SK_PASS;
}
