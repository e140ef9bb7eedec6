/* SPDX-License-Identifier: Apache-2.0 */
/* Cases that need a kernel interface of their own: page faults in recv(), ss -K, io_uring. */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "fault.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

static ssize_t faulting_recv(struct blocked *blocked)
{
	return recv(blocked->fd, blocked->buffer, blocked->length, MSG_DONTWAIT);
}

/* A reader sleeps in a page fault inside recv(), holding its socket: the sender may not wait for
 * it. */
void case_faulting_reader(const struct options *options)
{
	size_t size = sysconf(_SC_PAGESIZE);
	struct blocked blocked = {.call = faulting_recv, .length = 100};
	struct pollfd faulted = {.events = POLLIN};
	uint8_t *page = NULL;
	uint64_t start, worst = 0;
	struct talk talk;

	talk_begin(options, &talk);
	faulted.fd = page_withhold(&page, size);
	observe_flag("userfaultfd", faulted.fd >= 0);
	if (faulted.fd < 0) {
		talk_end(&talk);
		return;
	}
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	blocked.fd = talk.fd[SERVER];
	blocked.buffer = page;
	thread_start(&blocked.thread, blocked_body, &blocked);
	must(poll(&faulted, 1, WAIT_MS), "wait for page fault");
	for (unsigned int message = 0; message < 5; message++) {
		start = now_us();
		if (say_some(&talk, CLIENT, 1000, MSG_DONTWAIT) != 1000)
			fail("send to the faulting reader: %s", strerrorname_np(errno));
		if (now_us() - start > worst)
			worst = now_us() - start;
		/* The sender would sleep for as long as the reader does: let that end. */
		if (message == 4)
			page_supply(faulted.fd, page, size);
	}
	time_int("worst_send_us", (long long)worst);
	observe_flag("sender_waited", worst > 500000);
	observe_result("recv", blocked_join(&blocked));
	hear_buffer(&talk, SERVER, page, 100);
	hear(&talk, SERVER, 5000);
	talk_end(&talk);
}

/* What "ss -K" sends for one socket. */
static int destroy_socket(int fd)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 request;
	} ask = {0};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[512];
	} answer = {0};
	struct sockaddr_in6 own = {0}, peer = {0};
	socklen_t own_length = sizeof(own), peer_length = sizeof(peer);
	int netlink = must(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG), "netlink socket");

	must(getsockname(fd, (struct sockaddr *)&own, &own_length), "getsockname");
	must(getpeername(fd, (struct sockaddr *)&peer, &peer_length), "getpeername");
	ask.head.nlmsg_len = sizeof(ask);
	ask.head.nlmsg_type = SOCK_DESTROY;
	ask.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	ask.request.sdiag_family = own.sin6_family;
	ask.request.sdiag_protocol = IPPROTO_TCP;
	ask.request.idiag_states = 1 << TCP_ESTABLISHED;
	ask.request.id.idiag_sport = own.sin6_port;
	ask.request.id.idiag_dport = peer.sin6_port;
	ask.request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	ask.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	if (own.sin6_family == AF_INET) {
		memcpy(ask.request.id.idiag_src, &((struct sockaddr_in *)&own)->sin_addr, 4);
		memcpy(ask.request.id.idiag_dst, &((struct sockaddr_in *)&peer)->sin_addr, 4);
	} else {
		memcpy(ask.request.id.idiag_src, &own.sin6_addr, 16);
		memcpy(ask.request.id.idiag_dst, &peer.sin6_addr, 16);
	}
	must(send(netlink, &ask, sizeof(ask), 0), "send SOCK_DESTROY");
	must(recv(netlink, &answer, sizeof(answer), 0), "receive SOCK_DESTROY");
	close(netlink);
	errno = -answer.error.error;
	return answer.error.error ? -1 : 0;
}

/* The administrator kills a connection with bytes queued. */
void case_sock_destroy(const struct options *options)
{
	struct talk talk;
	int result;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	result = destroy_socket(talk.fd[SERVER]);
	observe_result("destroy", result);
	if (!result) {
		observe_events("server", await_events(talk.fd[SERVER], POLLHUP, WAIT_MS));
		observe_result("server_send", say_some(&talk, SERVER, 1, 0));
		observe_events("client", await_events(talk.fd[CLIENT], POLLHUP, WAIT_MS));
		observe_result("client_recv", hear_some(&talk, CLIENT, 1, 0));
		observe_result("client_send", say_some(&talk, CLIENT, 1, 0));
	}
	talk_close(&talk);
}
