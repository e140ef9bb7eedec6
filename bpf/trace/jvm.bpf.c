// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Pauses and collections of JVMs, from the probes that HotSpot is built with (USDT, src/hotspot/os/posix/
 * dtrace/hotspot.d). gc__begin and gc__end enclose a stop of the program. mem__pool__gc__begin comes once
 * for each memory pool when a collection begins, mem__pool__gc__end again for each when it has ended; both
 * on the thread that leads the collection, in a stop or (concurrent collectors) beside the program.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include "current.h"

/* Attached a few times a file, and few files at once. */
#define BPF_USDT_MAX_IP_CNT 1
#include <bpf/usdt.bpf.h>

#include "license.h"

#define COLLECTORS_MAX 1024 /* threads that lead collections at one time */

/*
 * Key: id of the thread, with that of its process in the upper half. Written when it begins, deleted when it
 * has ended; the controller reads which pauses go on, and deletes rows of processes that have ended. Full:
 * this collection is not seen; counted as untracked.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, COLLECTORS_MAX);
	__type(key, __u64);
	__type(value, struct trace_collector);
} collectors SEC(".maps");

/* Too large for the stack. Always zero. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct trace_collector);
} nothing SEC(".maps");

/* A file may be attached to for one process, yet older kernels run the program for others of the file. */
static __always_inline int is_meant(struct pt_regs *regs)
{
	__u64 pid = (__u64)bpf_usdt_cookie(regs);

	return !pid || pid == bpf_get_current_pid_tgid() >> 32;
}

static __always_inline struct trace_collector *find_collector(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&collectors, &thread);
}

/* Of the thread that runs, if it is about something that was seen to begin. */
static __always_inline struct trace_collector *meant_collector(struct pt_regs *regs)
{
	return is_meant(regs) ? find_collector() : 0;
}

static __always_inline struct trace_collector *begin_collector(void)
{
	__u64 thread = bpf_get_current_pid_tgid();
	const struct trace_collector *fresh;
	struct trace_collector *collector;
	__u32 row = 0;

	fresh = bpf_map_lookup_elem(&nothing, &row);
	if (!fresh)
		return 0;
	if (bpf_map_update_elem(&collectors, &thread, fresh, BPF_ANY))
		COUNT(untracked);
	collector = bpf_map_lookup_elem(&collectors, &thread);
	if (!collector)
		return 0;
	collector->record.netns_cookie = current_netns_cookie();
	collector->record.cgroup_id = current_cgroup_id();
	return collector;
}

static __always_inline void end_collector(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	bpf_map_delete_elem(&collectors, &thread);
}

/* Tells the record, and empties it. */
static __noinline void tell(struct trace_collector *collector)
{
	struct trace_gc *record = &collector->record;
	struct trace_socket nowhere = {.netns_cookie = record->netns_cookie};

	record->time_ns = bpf_ktime_get_ns();
	see_whole_process(&record->process);
	record->readers = readers_of_current(&nowhere, record->process.pid);
	if (record->readers && is_permitted(record->cgroup_id))
		write_record(record, sizeof(*record));
	record->pool_count = 0;
	record->manager[0] = 0;
	collector->pending = 0;
	collector->told++;
}

/* Strings of a JVM do not end with 0: their length comes beside them. */
static __always_inline void see_name(char *name, struct pt_regs *regs, __u64 argument)
{
	long address = 0, length = 0;
	__u32 bytes;

	bpf_usdt_arg(regs, argument, &address);
	bpf_usdt_arg(regs, argument + 1, &length);
	bytes = length < 0 || length >= TRACE_GC_NAME_BYTES ? TRACE_GC_NAME_BYTES - 1 : length;
	bytes &= TRACE_GC_NAME_BYTES - 1;
	__builtin_memset(name, 0, TRACE_GC_NAME_BYTES);
	if (bpf_probe_read_user(name, bytes, (const void *)address))
		name[0] = 0;
}

static __always_inline __u64 number(struct pt_regs *regs, __u64 argument)
{
	long value = 0;

	bpf_usdt_arg(regs, argument, &value);
	return value;
}

SEC("usdt")
int jvm_pause_begin(struct pt_regs *regs)
{
	struct trace_collector *collector;

	if (!is_meant(regs))
		return 0;
	collector = begin_collector();
	if (!collector)
		return 0;
	collector->full = (number(regs, 0) & 0xff) != 0;
	collector->record.pause_begin_ns = bpf_ktime_get_ns();
	return 0;
}

static __always_inline void tell_pause(struct trace_collector *collector)
{
	collector->record.kind = collector->full ? TRACE_GC_FULL_PAUSE : TRACE_GC_PAUSE;
	tell(collector);
}

SEC("usdt")
int jvm_pause_end(struct pt_regs *regs)
{
	struct trace_collector *collector = meant_collector(regs);

	if (!collector || !collector->record.pause_begin_ns)
		return 0;
	/* Several collections of one pause have each a time of their own. */
	if (!collector->told)
		collector->record.duration_ns =
			bpf_ktime_get_ns() - collector->record.pause_begin_ns;
	if (collector->pending || !collector->told)
		tell_pause(collector);
	end_collector();
	return 0;
}

/* The first pool of a collection. */
static __always_inline struct trace_collector *begin_collection(struct pt_regs *regs)
{
	struct trace_collector *collector = find_collector();

	if (!collector)
		collector = begin_collector();
	if (!collector)
		return 0;
	if (collector->pending)
		tell_pause(collector);
	collector->begin_ns = bpf_ktime_get_ns();
	collector->ended = 0;
	collector->record.pool_count = 0;
	see_name(collector->record.manager, regs, 0);
	return collector;
}

/* Pools come in the same order before and after. 0: there is no room for one. */
static __always_inline struct trace_gc_pool *pool_at(struct trace_collector *collector, __u32 at)
{
	if (at >= TRACE_GC_POOLS_MAX)
		return 0;
	/* The compiler must not work out the address before the verifier knows the bound. */
	barrier_var(at);
	return &collector->record.pools[at];
}

SEC("usdt")
int jvm_pool_begin(struct pt_regs *regs)
{
	struct trace_collector *collector;
	struct trace_gc_pool *pool;

	if (!is_meant(regs))
		return 0;
	collector = find_collector();
	if (!collector || !collector->begin_ns)
		collector = begin_collection(regs);
	if (!collector)
		return 0;
	pool = pool_at(collector, collector->record.pool_count);
	if (!pool)
		return 0;
	see_name(pool->name, regs, 2);
	pool->used_before = number(regs, 5);
	collector->record.pool_count++;
	return 0;
}

static __always_inline void end_collection(struct trace_collector *collector)
{
	collector->record.duration_ns = bpf_ktime_get_ns() - collector->begin_ns;
	collector->begin_ns = 0;
	if (collector->record.pause_begin_ns) {
		collector->pending = 1;
		return;
	}
	collector->record.kind = TRACE_GC_CYCLE;
	tell(collector);
	end_collector();
}

SEC("usdt")
int jvm_pool_end(struct pt_regs *regs)
{
	struct trace_collector *collector = meant_collector(regs);
	struct trace_gc_pool *pool;

	if (!collector || !collector->begin_ns)
		return 0; /* it began before the trace */
	pool = pool_at(collector, collector->ended);
	if (!pool)
		return 0;
	pool->used_after = number(regs, 5);
	pool->committed_after = number(regs, 6);
	collector->ended++;
	if (collector->ended >= collector->record.pool_count)
		end_collection(collector);
	return 0;
}
