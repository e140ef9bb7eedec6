// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Programs that do nothing, for `shunt bench telemetry`. The first is attached nowhere: when the kernel counts
 * what programs cost, it reads a clock before and after each run, and part of that counts as the run's own; this
 * one is run to learn how much. A raw tracepoint program, as the modules at tracepoints are run by the same
 * function of the kernel.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "license.h"

SEC("raw_tp")
int empty(const void *context __attribute__((unused)))
{
	return 0;
}

/* Attached to code of a process: what its traps take. */
SEC("?uprobe")
int empty_probe(const void *context __attribute__((unused)))
{
	return 0;
}

/* Attached to clocks: what their interrupts take. */
SEC("?perf_event")
int empty_clock(const void *context __attribute__((unused)))
{
	return 0;
}
