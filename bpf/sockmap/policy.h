/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What policy says of a connection: which endpoint an end belongs to, and what that allows. */
#ifndef SHUNT_POLICY_H
#define SHUNT_POLICY_H

#include "workload.h"

#define CGROUP_LEVELS_MAX 8
#define SELECTOR_COMBINATIONS 8

static __always_inline struct node_config *node_settings(void)
{
	__u32 row = 0;

	return bpf_map_lookup_elem(&config, &row);
}

static __always_inline const struct endpoint_policy *endpoint_policy(__u32 endpoint)
{
	return bpf_map_lookup_elem(&endpoint_policies, &endpoint);
}

/* Ids of a socket's cgroup and its ancestors, leaf first; unused places are 0. */
static __noinline int cgroup_ancestors(const struct sock *sk, __u64 *ids)
{
	const struct cgroup *group;
	int level;

	if (!sk || !ids)
		return 0;
	group = READ(sk, sk_cgrp_data.cgroup);
	for (level = 0; level < CGROUP_LEVELS_MAX; level++) {
		ids[level] = group ? READ(group, kn, id) : 0;
		group = group ? READ(group, self.parent, cgroup) : 0;
	}
	return level;
}

static __noinline __u32 selected_endpoint(const struct sock *sk, const struct young *young,
					  __u32 combinations, __u32 fallback)
{
	__u64 ids[CGROUP_LEVELS_MAX];
	struct selector key = {};
	const __u32 *found;
	int fields, level;

	if (!young)
		return fallback;
	cgroup_ancestors(sk, ids);
	/* Most specific first: executable before cgroup before network namespace. */
	for (fields = SELECTOR_COMBINATIONS - 1; fields > 0; fields--) {
		if (!(combinations & (1 << fields)))
			continue;
		key.netns_cookie = fields & SELECTOR_NETNS ? young->netns_cookie : 0;
		key.workload.exe_inode =
			fields & SELECTOR_EXECUTABLE ? young->workload.exe_inode : 0;
		key.workload.exe_dev = fields & SELECTOR_EXECUTABLE ? young->workload.exe_dev : 0;
		for (level = 0; level < CGROUP_LEVELS_MAX; level++) {
			key.workload.cgroup_id = fields & SELECTOR_CGROUP ? ids[level] : 0;
			found = bpf_map_lookup_elem(&selectors, &key);
			if (found)
				return *found;
			if (!key.workload.cgroup_id)
				break;
		}
	}
	return fallback;
}

/* Finds the endpoint of a connection. Returns the flags of its network namespace. */
static __always_inline __u32 resolve_endpoint(const struct node_config *settings,
					      const struct sock *sk, struct young *young)
{
	const struct netns_state *state = bpf_map_lookup_elem(&netns, &young->netns_cookie);
	__u32 endpoint = state ? state->endpoint : settings->default_endpoint;

	if (settings->selectors)
		endpoint = selected_endpoint(sk, young, settings->selectors, endpoint);
	young->endpoint = endpoint;
	return state ? state->flags : 0;
}

static __noinline __u32 endpoint_of(const struct node_config *settings, const struct sock *sk,
				    __u64 netns_cookie, const struct workload *workload)
{
	struct young young = {};

	if (!settings || !sk || !workload)
		return 0;
	young.netns_cookie = netns_cookie;
	young.workload = *workload;
	resolve_endpoint(settings, sk, &young);
	return young.endpoint;
}

/* The endpoint that a connection belongs to by now. */
static __always_inline __u32 endpoint_now(const struct node_config *settings, const struct sock *sk,
					  const struct connection *connection)
{
	return endpoint_of(settings, sk, connection->netns_cookie, &connection->workload);
}

static __always_inline int port_in(const struct port_range *ranges, __u32 count, __u16 port)
{
	__u32 i;

	for (i = 0; i < PORT_RANGES_MAX; i++) {
		if (i >= count)
			break;
		if (port >= ranges[i].first && port <= ranges[i].last)
			return 1;
	}
	return 0;
}

/* @port: the service's port as this end sees it. */
static __noinline int port_is_excluded(const struct endpoint_policy *policy, __u16 port)
{
	if (!policy)
		return 0;
	if (policy->exclude_count && port_in(policy->exclude, policy->exclude_count, port))
		return 1;
	return policy->flags & ENDPOINT_PORTS_INCLUDE &&
	       !port_in(policy->include, policy->include_count, port);
}

static __always_inline __u32 mode_refusal(__u32 mode)
{
	if (mode == MODE_ACCELERATE)
		return REASON_NONE;
	return mode == MODE_OBSERVE ? REASON_OBSERVE_MODE : REASON_POLICY_OFF;
}

/* Why the host moves no data at all, or REASON_NONE. */
static __always_inline __u32 host_refusal(const struct node_config *settings)
{
	if (settings->draining)
		return REASON_DRAINING;
	if (settings->self_test_failed)
		return REASON_SELF_TEST_FAILED;
	return settings->mode == MODE_RETIRED ? REASON_NONE : mode_refusal(settings->mode);
}

/* Another version's programs take what is new; these serve the members that they have. */
static __always_inline int is_retired(const struct node_config *settings)
{
	return settings->mode == MODE_RETIRED;
}

static __always_inline __u32 path_of(const struct pair_end *mine, const struct pair_end *theirs)
{
	return mine->netns_cookie == theirs->netns_cookie ? ENDPOINT_SAME_POD : ENDPOINT_SAME_NODE;
}

/* Why one endpoint does not allow to move data on a path, or REASON_NONE. */
static __always_inline __u32 path_refusal(__u32 endpoint, __u32 path)
{
	const struct endpoint_policy *policy = endpoint_policy(endpoint);
	__u32 reason;

	if (!policy)
		return REASON_POLICY_OFF;
	reason = mode_refusal(policy->mode);
	if (reason)
		return reason;
	return policy->flags & path ? REASON_NONE : REASON_PATH_EXCLUDED;
}

/* Why the endpoints of a pair do not allow to move its data, or REASON_NONE: policy as it is now. */
static __always_inline __u32 endpoint_refusal(const struct pair_end *mine,
					      const struct pair_end *theirs)
{
	__u32 path = path_of(mine, theirs);
	__u32 reason = path_refusal(mine->endpoint, path);

	if (reason || mine->endpoint == theirs->endpoint)
		return reason;
	return path_refusal(theirs->endpoint, path);
}

static __always_inline int path_is_allowed(__u32 endpoint, __u32 path)
{
	const struct endpoint_policy *policy = endpoint_policy(endpoint);

	return policy && policy->flags & path;
}

static __always_inline int address_is_local(const struct address *address)
{
	if (address_is_mapped(address) && (bpf_ntohl(address->word_be[3]) >> 24) == 127)
		return 1;
	if (!address->word_be[0] && !address->word_be[1] && !address->word_be[2] &&
	    address->word_be[3] == bpf_htonl(1))
		return 1;
	return bpf_map_lookup_elem(&local_addresses, address) != 0;
}

/*
 * Whether the other end may be on this host although its address is nobody's here. A sidecar's own
 * connections leave the namespace it intercepts: only those that it caught are answered over lo.
 */
static __always_inline int may_end_here(const struct sock *sk, const struct young *young,
					__u32 netns_flags)
{
	if (young->side != SIDE_ACTIVE)
		return 0;
	return netns_flags & NETNS_TRANSLATED ||
	       (netns_flags & NETNS_INTERCEPTED && socket_hears_loopback(sk));
}

/* Why this end does not even try to pair, or REASON_NONE. */
static __noinline __u32 pairing_refusal(const struct node_config *settings, const struct sock *sk,
					struct young *young)
{
	struct address local, remote;
	const struct endpoint_policy *policy;
	__u32 netns_flags;
	__u16 port;

	if (!settings || !sk || !young)
		return REASON_UNPAIRED;
	netns_flags = resolve_endpoint(settings, sk, young);
	policy = endpoint_policy(young->endpoint);
	if (settings->mode == MODE_OFF || !policy || policy->mode == MODE_OFF)
		return REASON_POLICY_OFF;
	socket_addresses(sk, &local, &remote);
	if (!address_is_local(&remote) && !may_end_here(sk, young, netns_flags))
		return REASON_REMOTE_PEER;
	port = young->side == SIDE_ACTIVE ? socket_remote_port(sk) : socket_local_port(sk);
	if (port_is_excluded(policy, port))
		return REASON_PORT_EXCLUDED;
	if (!(netns_flags & NETNS_HOOKED))
		return REASON_NO_HOOK;
	if (READ((const struct tcp_sock *)sk, is_mptcp))
		return REASON_MPTCP;
	return REASON_NONE;
}

/*
 * 1: an end was refused for what the controller may know in a moment. In a cluster a pod's network
 * namespace exists before anybody has found it.
 */
static __always_inline int may_be_known_soon(const struct node_config *settings,
					     const struct young *young, __u32 refusal)
{
	if (!settings->unknown_waits)
		return 0;
	if (refusal != REASON_NO_HOOK && refusal != REASON_REMOTE_PEER)
		return 0;
	return !bpf_map_lookup_elem(&netns, &young->netns_cookie);
}

#endif
