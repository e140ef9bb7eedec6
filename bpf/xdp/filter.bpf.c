// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Packet filter at the driver: what is dropped here costs least. Sees incoming packets only. Fails open:
 * an interface without a rule set, and what is not IP, passes.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "filter_judge.h"

#include "license.h"

/* Keeps every shared type in the object's BTF, where the controller's test reads it. */
const volatile struct {
	struct filter_page page;
	struct filter_bitmap bitmap;
	struct filter_compare compare;
	struct filter_rule rule;
	struct filter_header header;
	struct filter_event event;
	enum filter_layout_version layout_version;
	enum filter_size size;
	enum filter_hook hook;
	enum filter_reason reason;
} shared_filter_types = {};

SEC("xdp.frags")
int filter_xdp(struct xdp_md *xdp)
{
	struct filter_packet packet = {.point = {xdp->ingress_ifindex, FILTER_XDP}};
	void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;
	struct cursor cursor = {.data = data, .end = end};

	packet.bytes = bpf_xdp_get_buff_len(xdp);
	cursor.limit = packet.bytes;
	if (!parse_ethernet(&cursor, &packet))
		return XDP_PASS;
	return judge(&packet) ? XDP_DROP : XDP_PASS;
}
