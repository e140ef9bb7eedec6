// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* What the libbpf binding's kernel tests load: maps of several kinds and programs on most hooks. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define SOCKETS_MAX 64
#define TABLE_MAX 4096

struct table_key {
	__u32 number;
	__u32 pad;
};

struct table_value {
	__u64 square;
	__u16 port;
	__u8 bytes[6];
};

enum color {
	COLOR_RED = 0,
	COLOR_GREEN = 5,
};

/* A row per number; written and read by the test. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TABLE_MAX);
	__type(key, struct table_key);
	__type(value, struct table_value);
} table SEC(".maps");

/* Two counters of 12 bytes per CPU: the stride differs from the size. */
struct cpu_value {
	__u32 words[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct cpu_value);
} per_cpu SEC(".maps");

/* Switches that the test writes through its mapping. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
} switches SEC(".maps");

/* Connecting sockets of the test's cgroup, by a counter. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, SOCKETS_MAX);
	__type(key, __u64);
	__type(value, __u64);
} sockets SEC(".maps");

/* A number per socket, written by the test through the socket's descriptor. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} marks SEC(".maps");

const volatile __u32 step = 1;
const volatile __u64 start = 10;
enum color favourite = COLOR_GREEN;
__u64 limit = 77;
__u64 packets;
__u64 established;
__u64 messages;
__u64 options;
__u64 splices;

SEC("sockops")
int on_established(struct bpf_sock_ops *ctx)
{
	__u64 key = 1;

	if (ctx->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		return 1;
	if (!bpf_sock_hash_update(ctx, &sockets, &key, BPF_ANY))
		__sync_fetch_and_add(&established, step);
	return 1;
}

SEC("sockops")
int on_established_ten(struct bpf_sock_ops *ctx)
{
	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		__sync_fetch_and_add(&established, start);
	return 1;
}

SEC("sk_msg")
int on_message(struct sk_msg_md *ctx)
{
	__sync_fetch_and_add(&messages, 1);
	return SK_PASS;
}

SEC("cgroup/setsockopt")
int on_option(struct bpf_sockopt *ctx)
{
	__sync_fetch_and_add(&options, 1);
	return 1;
}

SEC("tc")
int on_packet(struct __sk_buff *ctx)
{
	__sync_fetch_and_add(&packets, 1);
	return -1;
}

SEC("tp/syscalls/sys_enter_splice")
int on_splice(void *ctx)
{
	__sync_fetch_and_add(&splices, 1);
	return 0;
}

SEC("raw_tp/sys_enter")
int on_any_call(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
