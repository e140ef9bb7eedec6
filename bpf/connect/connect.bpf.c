// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Who may connect where: refuses with EPERM in the caller's own context, before a packet exists, by the
 * caller's executable, cgroup and network namespace and by destination, protocol and port.
 *
 * The cgroup hooks see connect() of TCP and UDP, sendto() of UDP, and Fast Open: tcp_sendmsg_fastopen()
 * goes through __inet_stream_connect(), which calls them (since 4.17). Where an LSM program may run it
 * sees connect() first, and the cgroup hooks then judge what is no connect() only.
 * Fails open: what cannot be read or found allows, and is counted.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include "connect_match.h"

#include "license.h"

#define ALLOW 1
#define REFUSE_EPERM 0
#define EPERM 1
#define AF_INET 2
#define IPPROTO_MPTCP_SOCKET 262
#define SOCKADDR_IN_BYTES 8 /* up to sin_addr */
#define SOCKADDR_IN6_BYTES 24 /* up to sin6_addr */

/* Keeps every shared type in the object's BTF, where the controller's test reads it. */
const volatile struct {
	struct connect_denial denial;
	enum connect_layout_version layout_version;
	enum connect_limit limit;
	enum connect_verdict verdict;
	enum connect_call call;
	enum connect_rung rung;
	enum connect_look look;
} connect_types = {};

struct tcp_sock___fast_open {
	void *fastopen_req;
} __attribute__((preserve_access_index));

static __always_inline int has_room_for_event(void)
{
	__u32 row = 0;
	struct sample *sample = bpf_map_lookup_elem(&connect_samples, &row);
	__u64 second = bpf_ktime_get_ns() / 1000000000;

	if (!sample)
		return 0;
	if (sample->second != second) {
		sample->second = second;
		sample->taken = 0;
	}
	return sample->taken++ < CONNECT_EVENTS_PER_SECOND;
}

static __noinline int report(const struct attempt *attempt, const struct connect_rule *rule)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	struct connect_denial *denial;
	const struct inode *inode;

	if (!attempt || !rule)
		return 0;
	if (!has_room_for_event()) {
		COUNT_CONNECT(events_sampled);
		return 0;
	}
	denial = bpf_ringbuf_reserve(&connect_denials, sizeof(*denial), 0);
	if (!denial) {
		COUNT_CONNECT(events_lost);
		return 0;
	}
	__builtin_memset(denial, 0, sizeof(*denial));
	inode = READ(task, mm, exe_file, f_inode);
	denial->time_ns = bpf_ktime_get_ns();
	denial->rule_id = rule->id;
	denial->netns_cookie = attempt->netns_cookie;
	denial->workload.cgroup_id = READ(task, cgroups, dfl_cgrp, kn, id);
	denial->workload.exe_inode = READ(inode, i_ino);
	denial->workload.exe_dev = READ(inode, i_sb, s_dev);
	denial->remote = attempt->remote;
	denial->remote_port = attempt->port;
	denial->protocol = attempt->protocol;
	denial->verdict = rule->verdict;
	denial->call = attempt->call;
	denial->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(denial->comm, sizeof(denial->comm));
	bpf_ringbuf_submit(denial, 0);
	return 0;
}

/* Counts for a rule that has matched, and tells. Returns its verdict. */
static __noinline __u32 apply_rule(const struct attempt *attempt, __u32 number, __u32 watched)
{
	struct connect_rule_key key = {.rule = number};
	struct connect_counters *counters;
	struct connect_rule *rule;

	if (!attempt)
		return CONNECT_ALLOW;
	key.generation = attempt->generation;
	rule = bpf_map_lookup_elem(&connect_rules, &key);
	if (!rule) {
		COUNT_CONNECT(incomplete);
		return CONNECT_ALLOW;
	}
	counters = bpf_map_lookup_elem(&connect_hits, &rule->id);
	if (counters) {
		counters->hits++;
		if (rule->verdict == CONNECT_DENY)
			counters->denied++;
	}
	if (rule->verdict != CONNECT_ALLOW && watched)
		report(attempt, rule);
	return rule->verdict;
}

/* 1: deny. */
static __noinline int denies(struct attempt *attempt, const struct connect_config *config)
{
	const struct connect_set *set;
	struct match match;

	if (!attempt || !config)
		return 0;
	attempt->generation = *(volatile const __u32 *)&config->generation;
	set = bpf_map_lookup_elem(&connect_sets, &attempt->generation);
	if (!set)
		return 0; /* no rule at all */
	COUNT_CONNECT(attempts);
	attempt->looks = set->looks;
	name_loopback(&attempt->remote);
	if (find_rules(attempt, set, &match)) {
		COUNT_CONNECT(incomplete);
		return 0;
	}
	if (match.first == NO_RULE) {
		COUNT_CONNECT(unmatched);
		return 0;
	}
	if (match.first != match.enforced &&
	    apply_rule(attempt, match.first, config->watched) == CONNECT_MONITOR)
		COUNT_CONNECT(monitored);
	if (match.enforced == NO_RULE ||
	    apply_rule(attempt, match.enforced, config->watched) != CONNECT_DENY)
		return 0;
	COUNT_CONNECT(denied);
	return 1;
}

static __always_inline struct connect_config *settings(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&connect_config, &row);
}

static __always_inline int is_fast_open(struct bpf_sock_addr *call)
{
	struct tcp_sock *tp = call->sk ? bpf_skc_to_tcp_sock(call->sk) : 0;
	struct tcp_sock___fast_open *opening = (void *)tp;

	return opening && BPF_CORE_READ(opening, fastopen_req) != 0;
}

static __always_inline int judge(struct bpf_sock_addr *call, struct attempt *attempt)
{
	const struct connect_config *config = settings();

	if (!config || !config->generation)
		return ALLOW;
	if (call->protocol != IPPROTO_TCP && call->protocol != IPPROTO_UDP)
		return ALLOW;
	if (attempt->call == CONNECT_CALL_CONNECT && call->protocol == IPPROTO_TCP &&
	    is_fast_open(call))
		attempt->call = CONNECT_CALL_FAST_OPEN;
	if (attempt->call == CONNECT_CALL_CONNECT && config->rung == CONNECT_RUNG_LSM)
		return ALLOW; /* judged already */
	attempt->protocol = call->protocol;
	attempt->port = bpf_ntohs(call->user_port);
	attempt->netns_cookie = bpf_get_netns_cookie(call);
	return denies(attempt, config) ? REFUSE_EPERM : ALLOW;
}

static __always_inline int judge_ipv4(struct bpf_sock_addr *call, __u32 kind)
{
	struct attempt attempt = {.call = kind};

	address_from_ipv4(&attempt.remote, call->user_ip4);
	return judge(call, &attempt);
}

static __always_inline int judge_ipv6(struct bpf_sock_addr *call, __u32 kind)
{
	struct attempt attempt = {.call = kind};

	attempt.remote.word_be[0] = call->user_ip6[0];
	attempt.remote.word_be[1] = call->user_ip6[1];
	attempt.remote.word_be[2] = call->user_ip6[2];
	attempt.remote.word_be[3] = call->user_ip6[3];
	return judge(call, &attempt);
}

/* 1: the node covers the socket's cgroup. */
static __noinline int is_in_scope(const struct sock *sk)
{
	const struct cgroup *group;
	__u64 id = 0;
	int level;

	if (!sk)
		return 0;
	if (bpf_map_lookup_elem(&connect_scope, &id))
		return 1;
	group = READ(sk, sk_cgrp_data.cgroup);
	for (level = 0; level < CONNECT_CGROUP_LEVELS && group; level++) {
		id = READ(group, kn, id);
		if (bpf_map_lookup_elem(&connect_scope, &id))
			return 1;
		group = READ(group, self.parent, cgroup);
	}
	return 0;
}

/* Reads a sockaddr that the kernel has copied. 0: not one that rules are about. */
static __noinline int read_address(const void *address, __s32 length, struct attempt *attempt)
{
	__u16 head[2]; /* family, port */
	__be32 ipv4;

	if (!attempt || length < SOCKADDR_IN_BYTES ||
	    bpf_probe_read_kernel(head, sizeof(head), address))
		return 0;
	attempt->port = bpf_ntohs(head[1]);
	if (head[0] == AF_INET) {
		if (bpf_probe_read_kernel(&ipv4, sizeof(ipv4), address + 4))
			return 0;
		address_from_ipv4(&attempt->remote, ipv4);
		return 1;
	}
	return head[0] == AF_INET6 && length >= SOCKADDR_IN6_BYTES &&
	       !bpf_probe_read_kernel(&attempt->remote, sizeof(attempt->remote), address + 8);
}

/* Loaded only where the kernel lets LSM programs run: int (socket, address, length). */
SEC("?lsm/socket_connect")
int lsm_connect(__u64 *arguments)
{
	const struct socket *socket = (const void *)arguments[0];
	int before = (int)arguments[3]; /* of the modules and programs before */
	struct connect_config *config = settings();
	struct attempt attempt = {.call = CONNECT_CALL_CONNECT};
	const struct sock *sk;
	__u32 protocol;

	if (before || !config)
		return before;
	if (config->lsm_probe)
		config->lsm_probe = 0;
	sk = READ(socket, sk);
	protocol = READ(sk, sk_protocol);
	if (protocol == IPPROTO_MPTCP_SOCKET)
		protocol = IPPROTO_TCP;
	if (!config->generation || (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) ||
	    !is_in_scope(sk) ||
	    !read_address((const void *)arguments[1], (__s32)arguments[2], &attempt))
		return 0;
	attempt.protocol = protocol;
	attempt.netns_cookie = socket_netns_cookie(sk);
	return denies(&attempt, config) ? -EPERM : 0;
}

SEC("cgroup/connect4")
int connect_ipv4_hook(struct bpf_sock_addr *call)
{
	return judge_ipv4(call, CONNECT_CALL_CONNECT);
}

SEC("cgroup/connect6")
int connect_ipv6_hook(struct bpf_sock_addr *call)
{
	return judge_ipv6(call, CONNECT_CALL_CONNECT);
}

SEC("cgroup/sendmsg4")
int send_ipv4_hook(struct bpf_sock_addr *call)
{
	return judge_ipv4(call, CONNECT_CALL_SEND);
}

SEC("cgroup/sendmsg6")
int send_ipv6_hook(struct bpf_sock_addr *call)
{
	return judge_ipv6(call, CONNECT_CALL_SEND);
}
