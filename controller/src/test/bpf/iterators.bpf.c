// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* Iterators over TCP sockets, socket storage and open files, for the libbpf binding's tests. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct sock_common {
	unsigned short skc_num;
	unsigned short skc_family;
} __attribute__((preserve_access_index));

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	void *value;
} __attribute__((preserve_access_index));

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	unsigned int fd;
	void *file;
} __attribute__((preserve_access_index));

struct tcp_record {
	__u32 port;
	__u32 family;
	__u64 pad;
};

struct file_record {
	__u32 tgid;
	__u32 fd;
	__u32 pad;
};

SEC("iter/tcp")
int dump_tcp(struct bpf_iter__tcp *ctx)
{
	struct sock_common *sk = ctx->sk_common;
	struct tcp_record record = {};

	if (!sk)
		return 0;
	record.port = sk->skc_num;
	record.family = sk->skc_family;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

SEC("?iter/bpf_sk_storage_map")
int dump_marks(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	__u64 *value = ctx->value;
	__u64 record;

	if (!value)
		return 0;
	record = *value;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

SEC("iter/task_file")
int dump_files(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file_record record = {};

	if (!task || !ctx->file)
		return 0;
	record.tgid = task->tgid;
	record.fd = ctx->fd;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
