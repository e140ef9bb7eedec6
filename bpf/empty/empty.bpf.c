// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Does nothing, and is attached nowhere. When the kernel counts what programs cost, it reads a clock before and
 * after each run, and part of that counts as the run's own: `shunt bench telemetry` runs this one to learn how
 * much. A raw tracepoint program, as the modules at tracepoints are run by the same function of the kernel.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "license.h"

SEC("raw_tp")
int empty(const void *context __attribute__((unused)))
{
	return 0;
}
