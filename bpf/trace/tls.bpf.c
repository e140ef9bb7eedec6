// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * TLS connections, from the calls that programs make of OpenSSL and BoringSSL (uprobes): a handshake lasts
 * from the first call until the library says that it is over, which may be in a read or a write. Functions
 * that are not in the table of a file are left out; structs of the library are not looked into.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "tls_wire.h"
#include "library_calls.h"

#include "license.h"

/* 0: @connection is known from now on. */
static __always_inline struct trace_tls *connection_of(__u64 ssl)
{
	struct trace_tls *connection = find_connection(ssl);

	if (connection)
		return connection;
	add_connection(ssl);
	return find_connection(ssl);
}

/* Two of them are more than is known to happen: the outermost one is not seen then. */
static __always_inline void keep_outer(__u64 thread, const struct call *outer)
{
	const struct call *outermost = bpf_map_lookup_elem(&outer_calls, &thread);

	if (outermost && outer->stack < outermost->stack)
		COUNT(untracked);
	if (bpf_map_update_elem(&outer_calls, &thread, outer, BPF_ANY))
		COUNT(untracked);
}

static __noinline int begin(struct pt_regs *regs, __u32 operation, __u64 count)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call fresh = {.ssl = PT_REGS_PARM1(regs),
			     .begin_ns = bpf_ktime_get_ns(),
			     .operation = operation,
			     .stack = PT_REGS_SP(regs),
			     .count = count};
	struct trace_tls *connection;
	struct call *outer;

	if (!is_meant(regs))
		return 0;
	connection = connection_of(fresh.ssl);
	if (!connection)
		return 0;
	if (operation == TLS_HANDSHAKE && !connection->begin_ns && !connection->established)
		connection->begin_ns = fresh.begin_ns;
	outer = current_call();
	if (outer && outer->ssl == fresh.ssl && operation == TLS_HANDSHAKE &&
	    outer->operation != TLS_HANDSHAKE) {
		outer->inner = 1;
		return 0;
	}
	/* One that begins no higher on the stack has ended unseen. */
	if (outer && outer->ssl != fresh.ssl && fresh.stack < outer->stack)
		keep_outer(thread, outer);
	fresh.length = PT_REGS_PARM3(regs);
	fresh.watched = !connection->established;
	if (bpf_map_update_elem(&calls, &thread, &fresh, BPF_ANY))
		COUNT(untracked);
	return 0;
}

static __always_inline void establish(struct trace_tls *connection)
{
	if (connection->established)
		return;
	connection->established = 1;
	if (!connection->begin_ns)
		return; /* before the trace */
	connection->duration_ns = bpf_ktime_get_ns() - connection->begin_ns;
	tell(connection, TRACE_TLS_ESTABLISHED);
}

static __always_inline void end_call(struct pt_regs *regs)
{
	__u64 thread = bpf_get_current_pid_tgid();
	const struct call *outer;

	bpf_map_delete_elem(&calls, &thread);
	outer = bpf_map_lookup_elem(&outer_calls, &thread);
	if (!outer)
		return;
	if (PT_REGS_SP(regs) < outer->stack && bpf_map_update_elem(&calls, &thread, outer, BPF_ANY))
		COUNT(untracked);
	bpf_map_delete_elem(&outer_calls, &thread);
}

/* 1: a call has ended that this one has made, and that was not kept. */
static __always_inline int is_within(struct pt_regs *regs, const struct call *call)
{
	return PT_REGS_SP(regs) < call->stack;
}

SEC("uprobe")
int tls_handshake_begin(struct pt_regs *regs)
{
	return begin(regs, TLS_HANDSHAKE, 0);
}

SEC("uretprobe")
int tls_handshake_end(struct pt_regs *regs)
{
	struct trace_tls *connection;
	struct call *call;

	if (!is_meant(regs))
		return 0;
	call = current_call();
	if (!call || (!call->inner && is_within(regs, call)))
		return 0;
	connection = find_connection(call->ssl);
	if (connection && (int)PT_REGS_RC(regs) == 1)
		establish(connection);
	if (call->inner)
		call->inner = 0;
	else
		end_call(regs);
	return 0;
}

SEC("uprobe")
int tls_read_begin(struct pt_regs *regs)
{
	return begin(regs, TLS_READ, 0);
}

SEC("uprobe")
int tls_read_ex_begin(struct pt_regs *regs)
{
	return begin(regs, TLS_READ, PT_REGS_PARM4(regs));
}

SEC("uprobe")
int tls_write_begin(struct pt_regs *regs)
{
	return begin(regs, TLS_WRITE, 0);
}

SEC("uprobe")
int tls_write_ex_begin(struct pt_regs *regs)
{
	return begin(regs, TLS_WRITE, PT_REGS_PARM4(regs));
}

/* Of reads and writes, of both kinds. */
SEC("uretprobe")
int tls_data_end(struct pt_regs *regs)
{
	struct trace_tls *connection;
	struct call *call;
	__u64 bytes;
	int result = PT_REGS_RC(regs);

	if (!is_meant(regs))
		return 0;
	call = current_call();
	if (!call || is_within(regs, call))
		return 0;
	connection = find_connection(call->ssl);
	if (!connection)
		goto out;
	bytes = moved_by(call->count, result);
	/* A write of nothing succeeds once the handshake is over. */
	if (bytes || (!result && call->operation == TLS_WRITE && !(__u32)call->length))
		establish(connection);
	if (bytes && call->operation == TLS_READ) {
		__sync_fetch_and_add(&connection->bytes_read, bytes);
		__sync_fetch_and_add(&connection->reads, 1);
	} else if (bytes) {
		__sync_fetch_and_add(&connection->bytes_written, bytes);
		__sync_fetch_and_add(&connection->writes, 1);
	}
out:
	end_call(regs);
	return 0;
}

SEC("uprobe")
int tls_free(struct pt_regs *regs)
{
	__u64 ssl = PT_REGS_PARM1(regs);
	struct trace_tls *connection;

	if (!is_meant(regs))
		return 0;
	connection = find_connection(ssl);
	if (!connection)
		return 0;
	if (connection->established)
		tell(connection, TRACE_TLS_CLOSED);
	else if (connection->begin_ns)
		tell(connection, TRACE_TLS_FAILED);
	remove_connection(ssl);
	return 0;
}

SEC("tp/syscalls/sys_enter_write")
int tls_sys_write(struct trace_event_raw_sys_enter *enter)
{
	return see_write(enter);
}

SEC("tp/syscalls/sys_enter_sendto")
int tls_sys_sendto(struct trace_event_raw_sys_enter *enter)
{
	return see_write(enter);
}

SEC("tp/syscalls/sys_enter_read")
int tls_sys_read(struct trace_event_raw_sys_enter *enter)
{
	return see_read(enter);
}

SEC("tp/syscalls/sys_enter_recvfrom")
int tls_sys_recvfrom(struct trace_event_raw_sys_enter *enter)
{
	return see_read(enter);
}

SEC("tp/syscalls/sys_exit_read")
int tls_sys_read_end(struct trace_event_raw_sys_exit *end)
{
	return see_read_end(end);
}

SEC("tp/syscalls/sys_exit_recvfrom")
int tls_sys_recvfrom_end(struct trace_event_raw_sys_exit *end)
{
	return see_read_end(end);
}
