/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The few kernel-internal types that the programs read, with only the fields they read. CO-RE
 * relocates every access against the running kernel's BTF, so neither order nor gaps matter here.
 * User-space ABI types come from <linux/bpf.h> and friends.
 */
#ifndef SHUNT_VMLINUX_H
#define SHUNT_VMLINUX_H

#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	__s64 counter;
} atomic64_t;

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

struct list_head {
	struct list_head *next, *prev;
};

/* Only ever read as a whole: the kernel's member names differ from libc's. */
struct in6_addr_words {
	__be32 words[4];
};

struct net {
	__u64 net_cookie;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct kernfs_node {
	__u64 id;
};

struct cgroup;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};

struct sock_cgroup_data {
	struct cgroup *cgroup;
};

struct super_block {
	__u32 s_dev;
};

struct inode {
	__u16 i_mode;
	struct super_block *i_sb;
	unsigned long i_ino;
};

struct file {
	unsigned int f_flags;
	struct inode *f_inode;
	void *private_data;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct mm_struct {
	struct file *exe_file;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct task_struct {
	struct mm_struct *mm;
	struct files_struct *files;
	struct css_set *cgroups;
};

/* Of x86-64 and of arm64. */
struct pt_regs___x86 {
	unsigned long r10;
	unsigned long dx;
	unsigned long orig_ax;
};

struct pt_regs___arm64 {
	__u64 regs[31];
	__s32 syscallno;
};

struct sock;

struct socket {
	struct file *file;
	struct sock *sk;
};

struct page_counter {
	atomic64_t usage; /* in pages */
	unsigned long max;
};

struct mem_cgroup {
	struct page_counter tcpmem; /* cgroup v1 */
};

struct proto {
	unsigned long *memory_pressure;
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	refcount_t skc_refcnt;
	struct proto *skc_prot;
	possible_net_t skc_net;
	struct in6_addr_words skc_v6_daddr;
	struct in6_addr_words skc_v6_rcv_saddr;
	unsigned long skc_flags;
	atomic64_t skc_cookie;
};

typedef struct {
	int owned;
} socket_lock_t;

struct sk_filter;

struct sock {
	struct sock_common __sk_common;
	int sk_rcvlowat;
	struct {
		atomic_t rmem_alloc;
	} sk_backlog;
	int sk_rcvbuf;
	int sk_sndbuf;
	int sk_forward_alloc;
	struct mem_cgroup *sk_memcg;
	struct sk_filter *sk_filter;
	socket_lock_t sk_lock;
	int sk_peek_off;
	unsigned long sk_max_pacing_rate;
	__u16 sk_protocol;
	struct socket *sk_socket;
	void *sk_user_data;
	struct sock_cgroup_data sk_cgrp_data;
	int sk_rx_dst_ifindex;
};

/* Where that field was before 5.17. */
struct inet_sock___rx {
	int rx_dst_ifindex;
};

/* sk_tsflags grew from 16 to 32 bits in 6.5: read through its relocated size. */
struct sock___tsflags {
	__u32 sk_tsflags;
};

enum sock_flags___options {
	SOCK_URGINLINE,
	SOCK_RCVTSTAMP,
	SOCK_ZEROCOPY,
};

struct tcp_ulp_ops;

struct inet_connection_sock {
	const struct tcp_ulp_ops *icsk_ulp_ops;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 snd_una;
	__u32 urg_seq;
	__u32 write_seq;
	__u32 rcv_wnd;
	__u32 data_segs_in;
	__u32 data_segs_out;
	__u64 bytes_received;
	__u64 bytes_acked;
	__u8 recvmsg_inq : 1;
	__u8 repair : 1;
	_Bool is_mptcp;
};

struct sk_psock {
	struct list_head ingress_msg;
	refcount_t refcnt;
};

/* Since 6.18. */
struct sk_psock___sum {
	__u32 msg_tot_len;
};

struct page {
	unsigned long flags;
};

struct scatterlist {
	unsigned long page_link;
	unsigned int offset;
	unsigned int length;
};

/* A ring of elements; its size depends on the configuration. */
struct sk_msg_sg {
	__u32 start;
	__u32 end;
	struct scatterlist data[19];
};

struct sk_msg {
	struct sk_msg_sg sg;
	void *data;
	struct sock *sk_redir;
};

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_map;

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

struct io_cqe {
	int fd;
};

/* Its flags are a bit mask whose first bit is REQ_F_FIXED_FILE. */
struct io_kiocb {
	__u8 opcode;
	__u64 flags;
	struct io_cqe cqe;
};

struct trace_entry {
	unsigned short type;
};

struct trace_event_raw_sys_enter {
	struct trace_entry ent;
	long id;
	unsigned long args[6];
};

#pragma clang attribute pop

#endif
