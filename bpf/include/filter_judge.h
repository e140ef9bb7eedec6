/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Decides about a packet. Each field finds its class, the bitmap of the rules whose condition on it
 * holds; the first bit that all bitmaps have is the first rule that matches. The cost does not depend on
 * the number of rules, and hardly on that of CIDRs. Fails open: without a rule set, or with a broken one,
 * the packet passes.
 */
#ifndef SHUNT_FILTER_JUDGE_H
#define SHUNT_FILTER_JUDGE_H

#include "filter_limit.h"
#include "filter_report.h"
#include "filter_table.h"
#include "filter_totals.h"
#include "parsing.h"

#define NO_RULE (-1)

/* The classes of a packet. */
struct filter_classes {
	__u32 source;
	__u32 destination;
	__u32 source_port;
	__u32 destination_port;
	__u32 protocol; /* and fragment, and scope */
};

#define DE_BRUIJN 0x03f79d71b4cb0a89ULL /* each 6 bits of it in a row are different */

static const __u8 bit_of_product[64] = {
	0,  1,	48, 2,	57, 49, 28, 3,	61, 58, 50, 42, 38, 29, 17, 4,	62, 55, 59, 36, 53, 51,
	43, 22, 45, 39, 33, 30, 24, 18, 12, 5,	63, 47, 56, 27, 60, 41, 37, 16, 54, 35, 52, 21,
	44, 32, 23, 11, 46, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9,	13, 8,	7,  6,
};

/* The lowest bit that is set. clang 14 cannot compile __builtin_ctzll() for this machine. */
static __always_inline __u32 first_bit(__u64 word)
{
	return bit_of_product[((word & -word) * DE_BRUIJN) >> 58];
}

/* The rules of a class; `others` for that of all rules, which is most often what a field has. */
static __always_inline struct filter_bitmap *rules_among(void *set, __u32 class, __u32 every,
							 struct filter_bitmap *others)
{
	return class == every ? others : rules_of(set, class);
}

/* The first rule of all classes; NO_RULE if there is none. */
static __always_inline int first_rule(void *set, const struct filter_classes *classes, __u32 every)
{
	struct filter_bitmap *a = rules_of(set, classes->protocol);
	struct filter_bitmap *b = rules_among(set, classes->source, every, a);
	struct filter_bitmap *c = rules_among(set, classes->destination, every, a);
	struct filter_bitmap *d = rules_among(set, classes->source_port, every, a);
	struct filter_bitmap *e = rules_among(set, classes->destination_port, every, a);
	__u64 words, rules;
	__u32 at;
	int i;

	if (!a || !b || !c || !d || !e)
		return NO_RULE;
	words = a->summary & b->summary & c->summary & d->summary & e->summary;
#pragma clang loop unroll(disable)
	for (i = 0; i < FILTER_RULE_WORDS && words; i++) {
		at = first_bit(words) & (FILTER_RULE_WORDS - 1);
		rules = a->word[at] & b->word[at] & c->word[at] & d->word[at] & e->word[at];
		if (rules)
			return at * 64 + first_bit(rules);
		words &= words - 1;
	}
	return NO_RULE;
}

static __always_inline void classify_address(void *set, struct filter_header *header,
					     const struct filter_packet *packet,
					     struct filter_classes *classes)
{
	union filter_key key;
	__u32 family = packet->family & 1;

	key.half_be[0] = packet->source_be[0];
	key.half_be[1] = packet->source_be[1];
	classes->source = find_class(set, &key, header->source[family]);
	key.half_be[0] = packet->destination_be[0];
	key.half_be[1] = packet->destination_be[1];
	classes->destination = find_class(set, &key, header->destination[family]);
}

/* Whether the packet belongs to a fail-safe port: as destination, or as source of what opens nothing. */
static __always_inline int is_fail_safe(const struct filter_packet *packet,
					const struct filter_classes *classes)
{
	if (packet->protocol == IPPROTO_TCP)
		return classes->destination_port & FILTER_FAIL_SAFE ||
		       (!(packet->flags & FILTER_OPENS) && classes->source_port & FILTER_FAIL_SAFE);
	return packet->protocol == IPPROTO_ICMPV6 && classes->destination_port & FILTER_FAIL_SAFE;
}

static __always_inline void classify(void *set, struct filter_header *header,
				     const struct filter_packet *packet,
				     struct filter_classes *classes)
{
	classify_address(set, header, packet, classes);
	classes->source_port = header->absent;
	classes->destination_port = header->absent;
	if (packet->flags & FILTER_HAS_PORTS) {
		classes->source_port = find_port(set, packet->source_port, header->source_port);
		classes->destination_port =
			find_port(set, packet->destination_port, header->destination_port);
	} else if (packet->flags & FILTER_HAS_ICMP) {
		classes->source_port = header->every;
		classes->destination_port = find_port(set, packet->destination_port, header->icmp);
	}
}

/* The first rule of a scope that matches. A scope has tables of protocols of its own. */
static __always_inline int first_of(void *set, const struct filter_header *header,
				    const struct filter_packet *packet,
				    struct filter_classes *classes, __u32 scope)
{
	__u32 fragment = packet->fragment;

	if (fragment > FILTER_LATER)
		fragment = FILTER_LATER;
	classes->protocol = step_or_class(
		set, header->protocol[scope & (FILTER_SCOPES - 1)][fragment], packet->protocol);
	return first_rule(set, classes, header->every);
}

/* Counts and reports a rule that matches; returns whether it drops, or would drop, the packet. */
static __always_inline int act(void *set, struct filter_header *header, __u32 index,
			       const struct filter_packet *packet)
{
	__u32 page = header->rules_page + index / FILTER_RULES_PER_PAGE, denied = 0, monitor;
	struct filter_rule *rule = bpf_map_lookup_elem(set, &page);

	if (!rule) {
		COUNT_FILTER(sets_broken);
		return 0;
	}
	rule += index % FILTER_RULES_PER_PAGE;
	if (rule->action == FILTER_DENY)
		denied = 1;
	else if (rule->action == FILTER_LIMIT)
		denied = !within_limit(rule, packet);
	count_hit(rule->slot, packet->bytes, denied);
	monitor = rule->flags & FILTER_RULE_MONITOR;
	if (denied)
		report(packet, rule->slot,
		       rule->action == FILTER_LIMIT ? FILTER_RATE_LIMITED : FILTER_DENIED, monitor);
	return monitor ? 0 : denied;
}

/* What cannot be read is dropped where any rule could have dropped it. */
static __always_inline int judge_odd(const struct filter_header *header,
				     const struct filter_packet *packet)
{
	__u32 denied = header->flags & FILTER_SET_DROPS_ODD;

	count_hit(packet->odd, packet->bytes, denied);
	report(packet, packet->odd, packet->odd, !denied);
	return denied != 0;
}

/* Returns whether to drop a packet that a rule set is there for. */
static __always_inline int judge_by(void *set, struct filter_header *header,
				    const struct filter_packet *packet)
{
	struct filter_classes classes;
	__u32 scope;
	int first, enforced;

	COUNT_FILTER(packets);
	if (packet->odd)
		return judge_odd(header, packet);
	classify(set, header, packet, &classes);
	scope = is_fail_safe(packet, &classes) ? FILTER_OF_FAIL_SAFE : 0;
	first = first_of(set, header, packet, &classes, scope);
	if (first != NO_RULE && header->flags & FILTER_SET_MONITORS) {
		enforced = first_of(set, header, packet, &classes, scope | FILTER_ENFORCING);
		if (enforced != first)
			act(set, header, first, packet);
		first = enforced;
	}
	if (first == NO_RULE) {
		COUNT_FILTER(unmatched);
		return 0;
	}
	return act(set, header, first, packet);
}

/*
 * Returns whether to drop the packet. A function of its own to the verifier, which else walks through it
 * once for each way through the parser.
 */
__noinline int judge(struct filter_packet *packet)
{
	struct filter_header *header;
	struct filter_point point;
	__u32 page = 0;
	void *set;

	if (!packet)
		return 0;
	point = packet->point;
	set = bpf_map_lookup_elem(&filter_sets, &point);
	if (!set)
		return 0;
	header = bpf_map_lookup_elem(set, &page);
	return header ? judge_by(set, header, packet) : 0;
}

#endif
