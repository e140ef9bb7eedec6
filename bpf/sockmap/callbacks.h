/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Which events of a socket the kernel calls `pair` for. */
#ifndef SHUNT_CALLBACKS_H
#define SHUNT_CALLBACKS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* The call is spared where it would change nothing. */
static __always_inline void set_callbacks(struct bpf_sock_ops *ops, __u32 set, __u32 clear)
{
	__u32 flags = ops->bpf_sock_ops_cb_flags;

	if ((flags | set) != flags || flags & clear)
		bpf_sock_ops_cb_flags_set(ops, (flags | set) & ~clear);
}

#endif
