// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* Writes ring buffer records from packets: of growing size, given up, or held back for long. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define RING_BYTES 4096
#define RECORD_MAX 256
#define HOLD_TURNS (1 << 23)

/* Records that start with their sequence number; full is counted in drops. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} ring SEC(".maps");

/* 0: a record per packet; 1: reserve, wait, submit. */
__u64 hold;
__u64 sequence;
__u64 discarded;
__u64 drops;
__u64 turns;
__u8 filler[RECORD_MAX];

static long count_turn(__u32 index, void *ctx)
{
	turns++;
	return 0;
}

static int hold_back(void)
{
	__u64 *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

	if (!record) {
		drops++;
		return -1;
	}
	*record = sequence++;
	bpf_loop(HOLD_TURNS, count_turn, 0, 0);
	bpf_ringbuf_submit(record, 0);
	return -1;
}

SEC("tc")
int write_record(struct __sk_buff *ctx)
{
	__u64 *lost;
	__u64 size;

	if (hold)
		return hold_back();
	if (sequence % 5 == 4) {
		lost = bpf_ringbuf_reserve(&ring, 16, 0);
		if (lost) {
			bpf_ringbuf_discard(lost, 0);
			discarded++;
		}
	}
	size = sizeof(sequence) + (sequence * 37 & 127);
	*(__u64 *)filler = sequence;
	if (bpf_ringbuf_output(&ring, filler, size, 0))
		drops++;
	else
		sequence++;
	return -1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
