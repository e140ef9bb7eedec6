// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Where the CPUs spend their time: a software clock of each CPU interrupts whatever runs there 99 times a
 * second (100 would keep step with timers of others), and its stack is written down. An idle CPU is left
 * alone. Addresses only: names are found by the controller.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "current.h"

#include "license.h"

#define STACK_BYTES_MAX (TRACE_FRAMES_MAX * 8)

/* A sample on its way; the part that is not used is not written to the ring. */
struct sample {
	struct trace_sample head;
	__u64 kernel[TRACE_FRAMES_MAX];
	__u64 user[TRACE_FRAMES_MAX];
};

/* Too large for the stack. The clock does not interrupt itself, so one for each CPU is enough. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sample);
} scratch SEC(".maps");

static __always_inline void write_sample(void *context, struct sample *sample)
{
	long kernel = bpf_get_stack(context, sample->kernel, STACK_BYTES_MAX, 0);
	long user = bpf_get_stack(context, sample->user, STACK_BYTES_MAX, BPF_F_USER_STACK);

	/* A kernel thread has no user stack, and a process that is not in the kernel no kernel stack. */
	if (kernel < 0 || kernel > STACK_BYTES_MAX)
		kernel = 0;
	if (user < 0 || user > STACK_BYTES_MAX)
		user = 0;
	sample->head.kernel_frames = (__u64)kernel / 8;
	sample->head.user_frames = (__u64)user / 8;
	write_record(sample, sizeof(sample->head) + STACK_BYTES_MAX + user);
}

SEC("?perf_event")
int profile_clock(void *context)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct trace_socket nowhere = {};
	struct sample *sample;
	__u32 row = 0;

	if (!id)
		return 0; /* idle */
	sample = bpf_map_lookup_elem(&scratch, &row);
	if (!sample)
		return 0;
	see_process(&sample->head.process);
	sample->head.thread = (__u32)id;
	sample->head.cgroup_id = current_cgroup_id();
	nowhere.netns_cookie = current_netns_cookie();
	sample->head.readers = readers_of_current(&nowhere, sample->head.process.pid);
	if (!sample->head.readers)
		return 0;
	sample->head.time_ns = bpf_ktime_get_ns();
	write_sample(context, sample);
	return 0;
}
