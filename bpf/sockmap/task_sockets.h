/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* Sockets of the task that runs, by their descriptors. */
#ifndef SHUNT_TASK_SOCKETS_H
#define SHUNT_TASK_SOCKETS_H

#include <linux/in.h>
#include "sock_reads.h"

#define S_IFMT 0170000
#define S_IFSOCK 0140000

/* The TCP socket behind a descriptor of the current task, or NULL. */
static __always_inline const struct sock *current_tcp_socket(__u32 fd)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	const struct fdtable *table = READ(task, files, fdt);
	const struct socket *socket;
	const struct sock *sk;
	struct file **slots;
	struct file *file;

	if (fd >= READ(table, max_fds))
		return 0;
	slots = READ(table, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), slots + fd) || !file)
		return 0;
	if ((READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = READ(file, private_data);
	sk = READ(socket, sk);
	if (!sk || READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	return READ(sk, __sk_common.skc_state) == TCP_LISTEN_STATE ? 0 : sk;
}

#endif
