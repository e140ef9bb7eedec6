/* SPDX-License-Identifier: Apache-2.0 */
/* Less common calls on a connected socket, and options set while it carries data. */
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cases.h"
#include "report.h"
#include "talk.h"
#include "wait.h"

#define MESSAGES 8

static void turns(struct talk *talk, unsigned int count)
{
	for (unsigned int turn = 0; turn < count; turn++)
		talk_turn(talk, 100, 200);
}

void case_sendmmsg(const struct options *options)
{
	static unsigned char sent[MESSAGES][300], got[MESSAGES][300];
	struct mmsghdr out[MESSAGES] = {}, in[MESSAGES] = {};
	struct iovec parts[2][MESSAGES];
	struct talk talk;

	talk_begin(options, &talk);
	for (int i = 0; i < MESSAGES; i++) {
		say_buffer(&talk, CLIENT, sent[i], sizeof(sent[i]));
		parts[0][i] = (struct iovec){sent[i], sizeof(sent[i])};
		parts[1][i] = (struct iovec){got[i], sizeof(got[i])};
		out[i].msg_hdr = (struct msghdr){.msg_iov = &parts[0][i], .msg_iovlen = 1};
		in[i].msg_hdr = (struct msghdr){.msg_iov = &parts[1][i], .msg_iovlen = 1};
	}
	observe_result("sendmmsg", sendmmsg(talk.fd[CLIENT], out, MESSAGES, MSG_NOSIGNAL));
	await_delivered(talk.fd[CLIENT]);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("recvmmsg", recvmmsg(talk.fd[SERVER], in, MESSAGES, MSG_DONTWAIT, NULL));
	for (int i = 0; i < MESSAGES; i++)
		hear_buffer(&talk, SERVER, got[i], in[i].msg_len);
	observe_result("recvmmsg_empty",
		       recvmmsg(talk.fd[SERVER], in, MESSAGES, MSG_DONTWAIT, NULL));
	turns(&talk, 10);
	talk_end(&talk);
}

/* What recvmsg() fills in besides the bytes. */
void case_recvmsg_fields(const struct options *options)
{
	struct sockaddr_storage name;
	unsigned char bytes[300], control[256];
	struct iovec part = {bytes, sizeof(bytes)};
	struct msghdr message = {.msg_name = &name,
				 .msg_namelen = sizeof(name),
				 .msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct talk talk;
	ssize_t got;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 200);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	got = recvmsg(talk.fd[SERVER], &message, MSG_DONTWAIT);
	observe_result("recvmsg", got);
	hear_buffer(&talk, SERVER, bytes, got > 0 ? got : 0);
	observe_int("msg_flags", message.msg_flags);
	observe_int("msg_namelen", message.msg_namelen);
	observe_int("msg_controllen", message.msg_controllen);
	observe_result("errqueue", recvmsg(talk.fd[SERVER], &message, MSG_ERRQUEUE | MSG_DONTWAIT));
	turns(&talk, 5);
	talk_end(&talk);
}

/* A read of no bytes from an empty queue. */
void case_zero_read(const struct options *options)
{
	struct talk talk;
	char byte;

	talk_begin(options, &talk);
	observe_result("empty", recv(talk.fd[SERVER], &byte, 0, MSG_DONTWAIT));
	turns(&talk, 5);
	talk_end(&talk);
}

/* TCP ignores the address of a connected socket. */
void case_sendto_address(const struct options *options)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	unsigned char bytes[100];
	struct talk talk;

	talk_begin(options, &talk);
	must(getpeername(talk.fd[CLIENT], (struct sockaddr *)&peer, &length), "getpeername");
	say_buffer(&talk, CLIENT, bytes, sizeof(bytes));
	observe_result("sendto", sendto(talk.fd[CLIENT], bytes, sizeof(bytes), MSG_NOSIGNAL,
					(struct sockaddr *)&peer, length));
	hear(&talk, SERVER, sizeof(bytes));
	observe_result("recvfrom", recvfrom(talk.fd[SERVER], bytes, sizeof(bytes), MSG_DONTWAIT,
					    (struct sockaddr *)&peer, &length));
	turns(&talk, 5);
	talk_end(&talk);
}

void case_send_flags(const struct options *options)
{
	static const struct {
		const char *key;
		int flags;
	} kinds[] = {{"eor", MSG_EOR},
		     {"dontroute", MSG_DONTROUTE},
		     {"confirm", MSG_CONFIRM},
		     {"dontwait", MSG_DONTWAIT}};
	struct talk talk;

	talk_begin(options, &talk);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		observe_result(kinds[i].key, say_some(&talk, CLIENT, 100, kinds[i].flags));
		hear(&talk, SERVER, 100);
		talk_turn(&talk, 10, 10);
	}
	talk_end(&talk);
}

static void observe_select(const char *key, int fd)
{
	struct timeval none = {};
	fd_set readable, writable, exceptional;
	char text[8] = "";

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	writable = exceptional = readable;
	must(select(fd + 1, &readable, &writable, &exceptional, &none), "select");
	strcat(text, FD_ISSET(fd, &readable) ? "r" : "-");
	strcat(text, FD_ISSET(fd, &writable) ? "w" : "-");
	strcat(text, FD_ISSET(fd, &exceptional) ? "x" : "-");
	observe_text(key, text);
}

void case_select_bits(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	observe_select("idle", talk.fd[SERVER]);
	say(&talk, CLIENT, 100);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_select("data", talk.fd[SERVER]);
	hear(&talk, SERVER, 60);
	observe_select("rest", talk.fd[SERVER]);
	hear(&talk, SERVER, 40);
	observe_select("read", talk.fd[SERVER]);
	shutdown(talk.fd[CLIENT], SHUT_WR);
	await_events(talk.fd[SERVER], POLLRDHUP, WAIT_MS);
	observe_select("end", talk.fd[SERVER]);
	talk_end(&talk);
}

/* EPOLL_CTL_MOD tells again of what is there; an epoll in an epoll is ready with its own. */
void case_epoll_modify(const struct options *options)
{
	int inner = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	int outer = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};
	struct talk talk;

	talk_begin(options, &talk);
	must(epoll_ctl(inner, EPOLL_CTL_ADD, talk.fd[SERVER], &event), "epoll_ctl");
	event.events = EPOLLIN;
	must(epoll_ctl(outer, EPOLL_CTL_ADD, inner, &event), "epoll_ctl nested");
	observe_result("outer_idle", epoll_wait(outer, &event, 1, 0));
	say(&talk, CLIENT, 100);
	observe_result("outer_data", epoll_wait(outer, &event, 1, WAIT_MS));
	observe_result("edge", epoll_wait(inner, &event, 1, WAIT_MS));
	observe_result("edge_again", epoll_wait(inner, &event, 1, 0));
	event.events = EPOLLIN | EPOLLET;
	must(epoll_ctl(inner, EPOLL_CTL_MOD, talk.fd[SERVER], &event), "epoll_ctl");
	observe_result("edge_after_mod", epoll_wait(inner, &event, 1, 0));
	hear(&talk, SERVER, 100);
	event.events = EPOLLIN | EPOLLET;
	must(epoll_ctl(inner, EPOLL_CTL_MOD, talk.fd[SERVER], &event), "epoll_ctl");
	observe_result("mod_when_empty", epoll_wait(inner, &event, 1, 0));
	must(epoll_ctl(inner, EPOLL_CTL_DEL, talk.fd[SERVER], NULL), "epoll_ctl del");
	turns(&talk, 5);
	talk_end(&talk);
}

static void fionbio(const struct talk *talk, int on)
{
	must(ioctl(talk->fd[CLIENT], FIONBIO, &on), "FIONBIO");
	must(ioctl(talk->fd[SERVER], FIONBIO, &on), "FIONBIO");
}

/* Sockets that block at first and turn non-blocking: from then on they may be accelerated. */
void case_late_nonblock(const struct options *options)
{
	struct options blocking = *options;
	struct talk talk;

	blocking.nonblock = false;
	talk_begin(&blocking, &talk);
	fionbio(&talk, 1);
	observe_result("recv_empty", hear_some(&talk, SERVER, 100, 0));
	turns(&talk, 200);
	convey(&talk, CLIENT, 1 << 20);
	talk_end(&talk);
}

/* Unsent and unacknowledged bytes, once the peer has them. */
void case_output_queue(const struct options *options)
{
	int bytes = -1;
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 4000);
	await_delivered(talk.fd[CLIENT]);
	observe_result("siocoutq", ioctl(talk.fd[CLIENT], SIOCOUTQ, &bytes));
	observe_int("unacknowledged", bytes);
	observe_result("siocoutqnsd", ioctl(talk.fd[CLIENT], SIOCOUTQNSD, &bytes));
	observe_int("unsent", bytes);
	hear(&talk, SERVER, 4000);
	turns(&talk, 5);
	talk_end(&talk);
}

/* A full queue is not writable; the reader makes it so again. */
void case_notsent_lowat(const struct options *options)
{
	struct talk talk;
	uint64_t queued;
	ssize_t sent;

	talk_begin(options, &talk);
	option_set(talk.fd[CLIENT], IPPROTO_TCP, TCP_NOTSENT_LOWAT, 16384);
	turns(&talk, 20);
	observe_events("idle", events_now(talk.fd[CLIENT]));
	do
		sent = say_some(&talk, CLIENT, 65536, MSG_DONTWAIT);
	while (sent > 0);
	observe_text("full", sent < 0 && errno == EAGAIN ? "EAGAIN" : "?");
	observe_events("full_events", events_now(talk.fd[CLIENT]));
	queued = talk.said[CLIENT] - talk.heard[SERVER];
	hear(&talk, SERVER, queued);
	observe_events("drained", await_events(talk.fd[CLIENT], POLLOUT, WAIT_MS));
	turns(&talk, 5);
	observe_flag("order_ok", talk.mismatches == 0);
	talk_close(&talk);
}

/* Buffers that grow and shrink under a connection. */
void case_buffers_late(const struct options *options)
{
	static const int sizes[] = {65536, 1 << 20, 32768, 200000};
	struct talk talk;

	talk_begin(options, &talk);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		option_set(talk.fd[CLIENT], SOL_SOCKET, SO_SNDBUF, sizes[i]);
		option_set(talk.fd[SERVER], SOL_SOCKET, SO_RCVBUF, sizes[i]);
		convey(&talk, CLIENT, 1 << 19);
		turns(&talk, 10);
	}
	talk_end(&talk);
}

/* Options that change how TCP sends, not what arrives. */
void case_options_late(const struct options *options)
{
	static const struct {
		const char *key;
		int level, name, value;
	} settings[] = {{"nodelay", IPPROTO_TCP, TCP_NODELAY, 1},
			{"quickack", IPPROTO_TCP, TCP_QUICKACK, 1},
			{"user_timeout", IPPROTO_TCP, TCP_USER_TIMEOUT, 5000},
			{"window_clamp", IPPROTO_TCP, TCP_WINDOW_CLAMP, 65536},
			{"thin_linear", IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, 1},
			{"keepalive", SOL_SOCKET, SO_KEEPALIVE, 1},
			{"priority", SOL_SOCKET, SO_PRIORITY, 2},
			{"mark", SOL_SOCKET, SO_MARK, 7},
			{"busy_poll", SOL_SOCKET, SO_BUSY_POLL, 0},
			{"reuseaddr", SOL_SOCKET, SO_REUSEADDR, 1}};
	struct talk talk;

	talk_begin(options, &talk);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		observe_result(settings[i].key,
			       setsockopt(talk.fd[CLIENT], settings[i].level, settings[i].name,
					  &settings[i].value, sizeof(int)));
		turns(&talk, 4);
	}
	observe_result("congestion", setsockopt(talk.fd[CLIENT], IPPROTO_TCP, TCP_CONGESTION,
						"reno", strlen("reno")));
	turns(&talk, 10);
	talk_end(&talk);
}

/* Two seconds of silence with probes: the connection is as alive as before. */
void case_keepalive_idle(const struct options *options)
{
	struct talk talk;

	talk_begin(options, &talk);
	for (int side = CLIENT; side <= SERVER; side++) {
		option_set(talk.fd[side], IPPROTO_TCP, TCP_KEEPIDLE, 1);
		option_set(talk.fd[side], IPPROTO_TCP, TCP_KEEPINTVL, 1);
		option_set(talk.fd[side], IPPROTO_TCP, TCP_KEEPCNT, 1);
		option_set(talk.fd[side], SOL_SOCKET, SO_KEEPALIVE, 1);
	}
	turns(&talk, 10);
	observe_events("silence", await_events(talk.fd[SERVER], POLLIN, 2500));
	turns(&talk, 10);
	talk_end(&talk);
}

/* What a socket says of itself. */
void case_socket_names(const struct options *options)
{
	static const struct {
		const char *key;
		int name;
	} facts[] = {{"type", SO_TYPE},		 {"protocol", SO_PROTOCOL}, {"domain", SO_DOMAIN},
		     {"listens", SO_ACCEPTCONN}, {"error", SO_ERROR},	    {"lowat", SO_RCVLOWAT}};
	struct sockaddr_storage mine, theirs;
	socklen_t length = sizeof(mine), their_length = sizeof(theirs);
	struct talk talk;

	talk_begin(options, &talk);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		observe_int(facts[i].key, option_get(talk.fd[SERVER], SOL_SOCKET, facts[i].name));
	must(getsockname(talk.fd[CLIENT], (struct sockaddr *)&mine, &length), "getsockname");
	must(getpeername(talk.fd[SERVER], (struct sockaddr *)&theirs, &their_length),
	     "getpeername");
	observe_int("family", mine.ss_family);
	observe_flag("same_length", length == their_length);
	turns(&talk, 5);
	talk_end(&talk);
}

/* A socket has no position. */
void case_seek(const struct options *options)
{
	char byte = 'x';
	struct talk talk;

	talk_begin(options, &talk);
	say(&talk, CLIENT, 10);
	await_events(talk.fd[SERVER], POLLIN, WAIT_MS);
	observe_result("lseek", lseek(talk.fd[SERVER], 0, SEEK_SET));
	observe_result("pread", pread(talk.fd[SERVER], &byte, 1, 0));
	observe_result("pwrite", pwrite(talk.fd[CLIENT], &byte, 1, 0));
	observe_result("fsync", fsync(talk.fd[CLIENT]));
	observe_result("ftruncate", ftruncate(talk.fd[CLIENT], 0));
	hear(&talk, SERVER, 10);
	turns(&talk, 5);
	talk_end(&talk);
}
