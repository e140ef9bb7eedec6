/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* The option on the wire, for `adopt` that looks for it. */
#ifndef SHUNT_INVITATION_H
#define SHUNT_INVITATION_H

#include <linux/types.h>

/*
 * TCP option: kind 253 (RFC 4727), ExID (RFC 6994), nonce. Both ends write it on a few packets: the
 * active end until its nonce is answered, then each end until the other one is a member. It is what
 * the adoption hook looks for, so packets without it cost that hook next to nothing.
 */
struct invitation {
	__u8 kind;
	__u8 length;
	__be16 exid;
	__u8 nonce[8];
};

#define INVITATION_KIND 253
#define INVITATION_EXID_ACTIVE 0x5AC7
#define INVITATION_EXID_PASSIVE 0x5AC8

#endif
