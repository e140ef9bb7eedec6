/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* How the programs learn traits of workloads, and forget those that did not hold. */
#ifndef SHUNT_LEARN_H
#define SHUNT_LEARN_H

#include "events.h"
#include "policy.h"

#define EEXIST 17

/* A workload's connections are looked at one in this many, until so many of them ended early. */
#define SHORT_SAMPLE 8
#define SHORT_LIVED_MIN 64

/* Rows start from this: too large for the stack. */
static const struct trait_state no_traits;

/*
 * No room to remember the workload: the socket at hand goes to TCP all the same, unless policy
 * overrules traits here.
 */
static __always_inline void shun(const struct sock *sk, const struct workload *workload,
				 __u32 trait, struct node_config *settings)
{
	__u64 cookie = socket_cookie(sk);

	COUNT_NODE(traits_lost);
	if (traits_at(0, workload->exe_inode, workload->exe_dev) & TRAIT_FORCE || !socket_psock(sk))
		return;
	bpf_map_update_elem(&shunned, &cookie, &trait, BPF_ANY);
	settings->sweep_wanted = 1;
}

static __always_inline void count_use(struct trait_state *state, __u32 kind, __s64 now)
{
	struct trait_use *use = &state->uses[kind & (TRAIT_KINDS - 1)];

	if (!use->times)
		use->first_ns = now;
	use->last_ns = now;
	use->times++;
}

/* Tells who has to know: senders that believe the workload free of traits, the sweep, listeners. */
static __noinline void announce_trait(const struct sock *sk, const struct workload *workload,
				      struct node_config *settings, __u32 trait)
{
	struct connection user = {};

	if (!sk || !workload || !settings)
		return;
	COUNT_NODE(traits_learned);
	__sync_fetch_and_or(&settings->traits_known, trait);
	__sync_fetch_and_add(&settings->trait_generation, 1);
	settings->sweep_wanted = 1;
	if (!event_is_wanted(settings, EVENT_TRAIT))
		return;
	user.workload = *workload;
	user.cookie = socket_cookie(sk);
	user.netns_cookie = socket_netns_cookie(sk);
	emit_event(sk, &user, EVENT_TRAIT, REASON_WORKLOAD_TRAIT, trait);
}

/* The workload has shown the trait with this bit number, on @sk. */
static __noinline void learn(const struct sock *sk, const struct workload *workload, __u32 kind)
{
	struct node_config *settings = node_settings();
	struct trait_state *known;
	__s64 now = bpf_ktime_get_ns();
	__u32 trait = 1U << (kind & (TRAIT_KINDS - 1));
	long error;

	if (!sk || !workload || !settings || !workload->exe_inode)
		return;
	known = bpf_map_lookup_elem(&traits, workload);
	if (!known) {
		error = bpf_map_update_elem(&traits, workload, &no_traits, BPF_NOEXIST);
		if (error && error != -EEXIST) {
			shun(sk, workload, trait, settings);
			return;
		}
		known = bpf_map_lookup_elem(&traits, workload);
	}
	if (!known)
		return;
	count_use(known, kind, now);
	if (known->traits & trait)
		return;
	__sync_fetch_and_or(&known->traits, trait);
	announce_trait(sk, workload, settings, trait);
}

/* As learn(), but only where the trait is known: what is kept off stays remembered while it goes on. */
static __noinline void learn_again(const struct workload *workload, __u32 kind)
{
	struct trait_state *known;

	if (!workload)
		return;
	known = bpf_map_lookup_elem(&traits, workload);
	if (known && known->traits & (1U << (kind & (TRAIT_KINDS - 1))))
		count_use(known, kind, bpf_ktime_get_ns());
}

/* A connection ended before it had enough turns. */
static __noinline void note_short_lived(const struct sock *sk, const struct workload *workload)
{
	__u32 first = 1, *seen;

	if (!sk || !workload || !workload->exe_inode || bpf_get_prandom_u32() % SHORT_SAMPLE)
		return;
	seen = bpf_map_lookup_elem(&short_lived, workload);
	if (!seen) {
		bpf_map_update_elem(&short_lived, workload, &first, BPF_ANY);
		return;
	}
	if (++*seen < SHORT_LIVED_MIN)
		return;
	*seen = 0;
	learn(sk, workload, TRAIT_KIND_ONE_REQUEST);
}

/* A connection has enough turns: its workload's do not all end early. */
static __noinline void note_lasting(const struct connection *connection)
{
	struct trait_state *known;
	__u32 *seen;

	if (!connection)
		return;
	seen = bpf_map_lookup_elem(&short_lived, &connection->workload);
	if (seen)
		*seen = 0;
	if (connection->reason != REASON_ONE_REQUEST)
		return;
	known = bpf_map_lookup_elem(&traits, &connection->workload);
	if (known)
		__sync_fetch_and_and(&known->traits, ~TRAIT_ONE_REQUEST);
}

#endif
