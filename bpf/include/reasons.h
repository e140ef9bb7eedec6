/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The one list of reasons. A connection that is not accelerated, and a message that goes by TCP
 * although its connection is accelerated, has exactly one of these. The numbers are part of the API
 * (proto Reason, metric label, pinned counters): append, never renumber.
 */
#ifndef SHUNT_REASONS_H
#define SHUNT_REASONS_H

enum reason {
	REASON_NONE = 0, /* accelerated */

	/* Connection reasons: decided when a connection is established or adopted. */
	REASON_REMOTE_PEER = 1, /* the other end cannot be on this host */
	REASON_POLICY_OFF = 2, /* mode off for the host or one of the two endpoints; or filtered */
	REASON_OBSERVE_MODE = 3, /* mode observe: paired and counted, nothing moved */
	REASON_PORT_EXCLUDED = 4, /* policy leaves this port out */
	REASON_PATH_EXCLUDED = 5, /* policy does not allow same-pod or same-node pairs here */
	REASON_UNPAIRED = 6, /* no nonce arrived: older than the node, lost or cut option */
	REASON_SEQUENCE_MISMATCH = 7, /* a middle box rewrites sequence numbers */
	REASON_TOO_YOUNG = 8, /* fewer request/response turns than adoption asks for */
	REASON_BLOCKING_READER = 9, /* the receiver's file is not O_NONBLOCK */
	REASON_LOW_WATER_MARK = 10, /* SO_RCVLOWAT > 1 */
	REASON_SOCKET_OPTION = 11, /* a socket option that the redirect cannot honour */
	REASON_WORKLOAD_TRAIT = 12, /* cgroup + executable: splice, urgent data and the like */
	REASON_EXEMPT_EXECUTABLE = 13, /* policy exempts this executable */
	REASON_SMALL_WRITES = 14, /* a one-way stream of small writes, or likely to become one */
	REASON_ULP = 15, /* kTLS or another upper layer protocol */
	REASON_MPTCP = 16, /* MPTCP subflow */
	REASON_SELF_TEST_FAILED = 17, /* the start-up self-test refused this kernel */
	REASON_MAP_FULL = 18, /* no room in the pair map or the SOCKHASH */
	REASON_BUSY = 19, /* another program owns the socket (EBUSY) */
	REASON_RECONNECT = 20, /* the socket was a member in an earlier connection */
	REASON_NO_HOOK = 21, /* no adoption hook in this network namespace */
	REASON_KERNEL_REFUSED = 22, /* the kernel refused the insert; errno is kept */
	REASON_PEER_NOT_SUITABLE = 23, /* this end qualifies, the other does not (see its reason) */

	/* Message reasons: decided for every message of an accelerated connection. */
	REASON_NOT_JOINED = 24, /* the receiver is no member, or has not read since it became one */
	REASON_NOT_DRAINED = 25, /* the receiver still has TCP bytes to read */
	REASON_RECEIVER_BUSY = 26, /* the receiver's socket lock is owned */
	REASON_BACK_PRESSURE = 27, /* the receiver's queue is at its bound, or memory is short */
	REASON_CONNTRACK_REFRESH = 28, /* one message by TCP so that NAT state stays alive */
	REASON_PEER_GONE = 29, /* one end is closed or closing, or its socket was reused */
	REASON_DRAINING = 30, /* the node stops: back to TCP */

	/* A connection reason again. */
	REASON_ONE_REQUEST = 31, /* its workload's connections end early: not waited for */

	REASON_COUNT = 32, /* size of counter arrays; grows the layout version when raised */
};

#endif
