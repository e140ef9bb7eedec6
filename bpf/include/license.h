/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What the kernel asks for before it lends its GPL-only helpers: once for each object. */
#ifndef SHUNT_LICENSE_H
#define SHUNT_LICENSE_H

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#endif
