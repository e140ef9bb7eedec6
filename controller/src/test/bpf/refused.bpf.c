// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* A program that the verifier refuses: it reads through a pointer that may be NULL. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} empty SEC(".maps");

SEC("tc")
int unchecked(struct __sk_buff *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&empty, &key);

	return *value;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
