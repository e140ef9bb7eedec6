/* SPDX-License-Identifier: Apache-2.0 */
/* Socket options, mostly set late: when the connection may already be accelerated. */
#include <errno.h>
#include <time.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <linux/tls.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define MIB (1024ULL * 1024)

static void tcp_info_get(int fd, struct tcp_info *info)
{
	socklen_t length = sizeof(*info);

	memset(info, 0, sizeof(*info));
	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &length), "getsockopt TCP_INFO");
}

void case_tcp_info_state(const struct options *options)
{
	struct tcp_info info;
	struct talk talk;

	talk_begin(options, &talk);
	talk_turn(&talk, 1000, 1000);
	tcp_info_get(talk.fd[CLIENT], &info);
	observe_int("established", info.tcpi_state);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS);
	tcp_info_get(talk.fd[SERVER], &info);
	observe_int("after_fin", info.tcpi_state);
	talk_end(&talk);
}

/* Applications that act on byte counts of TCP_INFO see none of the redirected bytes. */
void case_tcp_info_bytes(const struct options *options)
{
	struct tcp_info before, after;
	struct talk talk;

	talk_begin(options, &talk);
	tcp_info_get(talk.fd[SERVER], &before);
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 1000, 500);
	tcp_info_get(talk.fd[SERVER], &after);
	observe_int("received",
		    (long long)(after.tcpi_bytes_received - before.tcpi_bytes_received));
	observe_int("sent", (long long)(after.tcpi_bytes_sent - before.tcpi_bytes_sent));
	talk_end(&talk);
}

/* Messages of the error queue that say completion; returns how many sends they cover. */
static unsigned int completions(int fd, unsigned int expected)
{
	unsigned int done = 0;

	while (done < expected) {
		char control[256];
		struct msghdr message = {.msg_control = control, .msg_controllen = sizeof(control)};
		struct sock_extended_err *error;
		struct cmsghdr *header;

		if (!(await_events(fd, 0, 2000) & POLLERR))
			break;
		if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			break;
		header = CMSG_FIRSTHDR(&message);
		if (!header)
			break;
		error = (struct sock_extended_err *)CMSG_DATA(header);
		if (error->ee_origin != SO_EE_ORIGIN_ZEROCOPY)
			break;
		done += error->ee_data - error->ee_info + 1;
	}
	return done;
}

static void zerocopy_sends(struct talk *talk)
{
	static uint8_t bytes[10][30000];
	ssize_t sent = 0;

	for (unsigned int i = 0; i < 10; i++) {
		pattern_fill(pattern_mix(talk->seed + CLIENT), talk->said[CLIENT], bytes[i],
			     sizeof(bytes[i]));
		sent = send(talk->fd[CLIENT], bytes[i], sizeof(bytes[i]), MSG_ZEROCOPY);
		if (sent != sizeof(bytes[i]))
			break;
		talk->said[CLIENT] += sent;
		hear(talk, SERVER, sent);
	}
	observe_result("last_send", sent);
	observe_int("completions", completions(talk->fd[CLIENT], 10));
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(talk, 100, 100);
}

void case_late_zerocopy(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	option_set(talk.fd[CLIENT], SOL_SOCKET, SO_ZEROCOPY, 1);
	zerocopy_sends(&talk);
	talk_end(&talk);
}

void case_early_zerocopy(const struct options *options)
{
	struct talk talk;

	talk_open(options, &talk);
	option_set(talk.fd[CLIENT], SOL_SOCKET, SO_ZEROCOPY, 1);
	talk_warm_up(options, &talk);
	zerocopy_sends(&talk);
	talk_end(&talk);
}

void case_peek_offset(const struct options *options)
{
	int offset = 0;
	struct talk talk;
	uint8_t bytes[64];
	int result;

	talk_begin(options, &talk);
	result = setsockopt(talk.fd[SERVER], SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof(offset));
	observe_result("set", result);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("peek", recv(talk.fd[SERVER], bytes, 40, MSG_PEEK | MSG_DONTWAIT));
	if (!result)
		observe_int("offset", option_get(talk.fd[SERVER], SOL_SOCKET, SO_PEEK_OFF));
	observe_result("peek_next", recv(talk.fd[SERVER], bytes, 64, MSG_PEEK | MSG_DONTWAIT));
	hear(&talk, SERVER, 100);
	talk_end(&talk);
}

void case_tcp_inq(const struct options *options)
{
	uint8_t bytes[40];
	char control[64];
	struct iovec part = {bytes, sizeof(bytes)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header;
	struct talk talk;
	ssize_t got;

	talk_begin(options, &talk);
	option_set(talk.fd[SERVER], IPPROTO_TCP, TCP_INQ, 1);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	got = recvmsg(talk.fd[SERVER], &message, MSG_DONTWAIT);
	observe_result("recvmsg", got);
	hear_buffer(&talk, SERVER, bytes, got > 0 ? got : 0);
	header = CMSG_FIRSTHDR(&message);
	observe_int("left",
		    header && header->cmsg_type == TCP_CM_INQ ? *(int *)CMSG_DATA(header) : -1);
	hear(&talk, SERVER, 60);
	talk_end(&talk);
}

/* Software time stamps of sent bytes come back through the error queue. */
void case_timestamping(const struct options *options)
{
	struct talk talk;
	unsigned int stamps = 0;

	talk_begin(options, &talk);
	option_set(talk.fd[CLIENT], SOL_SOCKET, SO_TIMESTAMPING,
		   SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			   SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY);
	for (unsigned int i = 0; i < 10; i++) {
		char control[256];
		struct msghdr message = {.msg_control = control, .msg_controllen = sizeof(control)};

		talk_turn(&talk, 100, 100);
		if ((await_events(talk.fd[CLIENT], 0, 1000) & POLLERR) &&
		    recvmsg(talk.fd[CLIENT], &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
			stamps++;
	}
	observe_int("stamps", stamps);
	talk_end(&talk);
}

/* A filter that drops all: nothing arrives until it is detached and TCP repeats the segment. */
void case_attach_filter(const struct options *options)
{
	struct sock_filter drop_all = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {1, &drop_all};
	struct talk talk;

	talk_begin(options, &talk);
	must(setsockopt(talk.fd[SERVER], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)),
	     "SO_ATTACH_FILTER");
	say(&talk, CLIENT, 100);
	observe_events("dropped", await_events(talk.fd[SERVER], POLLIN, QUIET_MS));
	option_set(talk.fd[SERVER], SOL_SOCKET, SO_DETACH_FILTER, 0);
	hear(&talk, SERVER, 100);
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	talk_end(&talk);
}

void case_pacing_rate(const struct options *options)
{
	struct talk talk;
	uint64_t start;

	talk_begin(options, &talk);
	option_set(talk.fd[CLIENT], SOL_SOCKET, SO_MAX_PACING_RATE, 2 * MIB);
	start = now_us();
	convey(&talk, CLIENT, 2 * MIB);
	observe_flag("paced", now_us() - start > 300000);
	time_int("transfer_us", (long long)(now_us() - start));
	talk_end(&talk);
}

/* Kernel TLS on both ends after the warm-up: plaintext may not go past it. */
void case_ulp_late(const struct options *options)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = {.version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128}};
	struct talk talk;
	int result;

	talk_begin(options, &talk);
	result = setsockopt(talk.fd[CLIENT], IPPROTO_TCP, TCP_ULP, "tls", 4);
	observe_result("client_ulp", result);
	if (result) {
		talk_end(&talk);
		return;
	}
	must(setsockopt(talk.fd[CLIENT], SOL_TLS, TLS_TX, &keys, sizeof(keys)), "TLS_TX");
	must(setsockopt(talk.fd[CLIENT], SOL_TLS, TLS_RX, &keys, sizeof(keys)), "TLS_RX");
	result = setsockopt(talk.fd[SERVER], IPPROTO_TCP, TCP_ULP, "tls", 4);
	observe_result("server_ulp", result);
	must(setsockopt(talk.fd[SERVER], SOL_TLS, TLS_TX, &keys, sizeof(keys)), "TLS_TX");
	must(setsockopt(talk.fd[SERVER], SOL_TLS, TLS_RX, &keys, sizeof(keys)), "TLS_RX");
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 1000, 1000);
	talk_end(&talk);
}

/* TLS on one end only: the other end reads records, never plaintext. */
void case_ulp_one_end(const struct options *options)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = {.version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128}};
	uint8_t bytes[256] = {0};
	struct talk talk;
	int result;

	talk_begin(options, &talk);
	result = setsockopt(talk.fd[CLIENT], IPPROTO_TCP, TCP_ULP, "tls", 4);
	observe_result("client_ulp", result);
	if (!result) {
		must(setsockopt(talk.fd[CLIENT], SOL_TLS, TLS_TX, &keys, sizeof(keys)), "TLS_TX");
		observe_result("send", send(talk.fd[CLIENT], "plaintext", 9, MSG_NOSIGNAL));
		await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
		/* 5 bytes header, 8 nonce, 9 ciphertext, 16 tag. */
		observe_result("record", recv(talk.fd[SERVER], bytes, 256, MSG_DONTWAIT));
		observe_int("content_type", bytes[0]);
	}
	talk_end(&talk);
}

void case_tcp_repair(const struct options *options)
{
	struct talk talk;
	int on = 1, off = -1; /* -1: leave without a window probe */

	talk_begin(options, &talk);
	observe_result("enter",
		       setsockopt(talk.fd[SERVER], IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)));
	observe_result("leave",
		       setsockopt(talk.fd[SERVER], IPPROTO_TCP, TCP_REPAIR, &off, sizeof(off)));
	for (unsigned int turn = 0; turn < 20; turn++)
		talk_turn(&talk, 100, 100);
	talk_end(&talk);
}

void case_mptcp(const struct options *options)
{
	int domain = options->family == FAMILY_V4 ? AF_INET : AF_INET6;
	int type = SOCK_STREAM | (options->nonblock ? SOCK_NONBLOCK : 0);
	struct endpoint at = options->listen;
	struct endpoint target;
	struct talk talk;
	struct pair pair;
	int listener = socket(domain, type, IPPROTO_MPTCP);

	observe_result("socket", listener < 0 ? -1 : 0);
	if (listener < 0)
		return;
	if (!at.length)
		endpoint_loopback(options->family, &at);
	option_set(listener, SOL_SOCKET, SO_REUSEADDR, 1);
	must(bind(listener, (struct sockaddr *)&at.address, at.length), "bind");
	listener_listen(listener);
	listener_target(options, listener, &target);
	pair.client = client_socket_of(options, IPPROTO_MPTCP);
	client_connect(pair.client, &target);
	pair.server = server_accept(options, listener);
	talk_init(options, &talk, &pair);
	talk_warm_up(options, &talk);
	convey(&talk, CLIENT, MIB);
	convey(&talk, SERVER, MIB);
	close(listener);
	talk_end(&talk);
}

/* TCP_ZEROCOPY_RECEIVE maps whole pages and says how many other bytes recv() has to take. */
void case_zerocopy_receive(const struct options *options)
{
	struct tcp_zerocopy_receive want = {.length = 65536};
	socklen_t length = sizeof(want);
	struct talk talk;
	void *pages;

	talk_begin(options, &talk);
	pages = mmap(NULL, 65536, PROT_READ, MAP_SHARED, talk.fd[SERVER], 0);
	observe_flag("mapped", pages != MAP_FAILED);
	if (pages == MAP_FAILED) {
		talk_end(&talk);
		return;
	}
	want.address = (uintptr_t)pages;
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("getsockopt", getsockopt(talk.fd[SERVER], IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE,
						&want, &length));
	observe_int("bytes_mapped", want.length);
	observe_int("bytes_to_read", want.recv_skip_hint);
	hear(&talk, SERVER, 100);
	for (unsigned int turn = 0; turn < 10; turn++)
		talk_turn(&talk, 100, 100);
	talk_end(&talk);
}

static int set_md5_key(int fd, const struct options *options)
{
	struct tcp_md5sig key = {.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX, .tcpm_keylen = 3};
	struct endpoint any;

	/* Prefix length 0: whatever the peer's address is. */
	endpoint_loopback(options->family, &any);
	key.tcpm_addr.ss_family = any.address.ss_family;
	memcpy(key.tcpm_key, "key", 3);
	return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &key, sizeof(key));
}

/* Signed segments (RFC 2385): their options leave little room for others. */
void case_md5_signature(const struct options *options)
{
	int listener = listener_bind(options);
	int result = set_md5_key(listener, options);
	struct endpoint target;
	struct talk talk;
	struct pair pair;

	observe_result("set", result);
	if (result)
		return;
	listener_listen(listener);
	listener_target(options, listener, &target);
	pair.client = client_socket(options);
	must(set_md5_key(pair.client, options), "set TCP_MD5SIG_EXT of client");
	client_connect(pair.client, &target);
	pair.server = server_accept(options, listener);
	talk_init(options, &talk, &pair);
	talk_warm_up(options, &talk);
	convey(&talk, CLIENT, MIB);
	convey(&talk, SERVER, MIB);
	close(listener);
	talk_end(&talk);
}
