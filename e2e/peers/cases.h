/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases. To add one: write case_NAME() in the file of its family, declare it here, add its row
 * to the table in cases.c. A case observes only what plain TCP repeats on each run.
 */
#ifndef SHUNT_PEERS_CASES_H
#define SHUNT_PEERS_CASES_H

#include "sock.h"

/* KIND_COMPARE: run plain and accelerated, observations compared. KIND_LOAD: driven by other tests.
 */
enum peer_case_kind {
	KIND_COMPARE,
	KIND_LOAD
};

/* What has to happen to the bytes when the case runs accelerated: none is equal by standing aside. */
enum peer_expectation {
	EXPECT_USUAL, /* redirected when the sockets do not block, by TCP when they do */
	EXPECT_REDIRECTED,
	EXPECT_ON_TCP,
	EXPECT_EITHER /* depends on moments that the case cannot choose */
};

struct peer_case {
	const char *name;
	void (*run)(const struct options *options);
	enum peer_case_kind kind;
	unsigned int timeout_seconds; /* KIND_LOAD: added to --seconds; 0: none */
	const char *summary;
	enum peer_expectation expectation; /* when the sockets do not block */
	enum peer_expectation when_blocking;
};

/* Ends with a row without a name. */
extern const struct peer_case peer_cases[];

/* NULL when there is no such case. */
const struct peer_case *peer_case_find(const char *name);

void case_pingpong(const struct options *options);
void case_bulk_stream(const struct options *options);
void case_bulk_full_duplex(const struct options *options);
void case_small_write_stream(const struct options *options);
void case_random_bursts(const struct options *options);
void case_nagle_bursts(const struct options *options);
void case_scatter(const struct options *options);
void case_queued_messages(const struct options *options);
void case_slow_reader(const struct options *options);
void case_slow_reader_client(const struct options *options);
void case_one_byte_to_stalled_reader(const struct options *options);
void case_one_byte_nodelay(const struct options *options);
void case_both_stalled(const struct options *options);
void case_full_queue_resume(const struct options *options);
void case_small_buffers(const struct options *options);
void case_data_with_handshake(const struct options *options);
void case_defer_accept(const struct options *options);
void case_syncookies(const struct options *options);
void case_fastopen(const struct options *options);
void case_reused_source_port(const struct options *options);
void case_reconnect_af_unspec(const struct options *options);
void case_reconnect_with_unread(const struct options *options);
void case_self_connect(const struct options *options);
void case_churn(const struct options *options);
void case_reuseport(const struct options *options);
void case_blocking_data(const struct options *options);
void case_blocking_half_close(const struct options *options);
void case_blocking_reset(const struct options *options);
void case_blocking_signal(const struct options *options);
void case_blocking_write_space(const struct options *options);
void case_rcvtimeo(const struct options *options);
void case_sndtimeo(const struct options *options);
void case_rcvlowat(const struct options *options);
void case_rcvlowat_late(const struct options *options);
void case_rcvlowat_queued(const struct options *options);
void case_msg_waitall(const struct options *options);
void case_msg_waitall_nonblock(const struct options *options);
void case_late_block_data(const struct options *options);
void case_late_block_half_close(const struct options *options);
void case_late_block_reset(const struct options *options);
void case_late_block_signal(const struct options *options);
void case_late_block_after_turns(const struct options *options);
void case_half_close(const struct options *options);
void case_half_close_with_data(const struct options *options);
void case_half_close_under_load(const struct options *options);
void case_unread_then_close(const struct options *options);
void case_close_after_burst(const struct options *options);
void case_reset(const struct options *options);
void case_reset_after_data(const struct options *options);
void case_reset_with_unread(const struct options *options);
void case_close_with_unread(const struct options *options);
void case_shutdown_read(const struct options *options);
void case_linger(const struct options *options);
void case_so_error(const struct options *options);
void case_send_after_close(const struct options *options);
void case_sigpipe(const struct options *options);
void case_peer_killed(const struct options *options);
void case_msg_peek(const struct options *options);
void case_msg_trunc(const struct options *options);
void case_msg_oob(const struct options *options);
void case_msg_oob_inline(const struct options *options);
void case_msg_oob_expected(const struct options *options);
void case_msg_oob_after_data(const struct options *options);
void case_fionread(const struct options *options);
void case_fionread_first_use(const struct options *options);
void case_fionread_reader(const struct options *options);
void case_zero_length(const struct options *options);
void case_bad_buffer(const struct options *options);
void case_cork(const struct options *options);
void case_cork_timer(const struct options *options);
void case_tcp_info_state(const struct options *options);
void case_tcp_info_bytes(const struct options *options);
void case_late_zerocopy(const struct options *options);
void case_early_zerocopy(const struct options *options);
void case_peek_offset(const struct options *options);
void case_tcp_inq(const struct options *options);
void case_timestamping(const struct options *options);
void case_attach_filter(const struct options *options);
void case_pacing_rate(const struct options *options);
void case_ulp_late(const struct options *options);
void case_ulp_one_end(const struct options *options);
void case_tcp_repair(const struct options *options);
void case_mptcp(const struct options *options);
void case_zerocopy_receive(const struct options *options);
void case_md5_signature(const struct options *options);
void case_splice_first_use(const struct options *options);
void case_splice_only_reader(const struct options *options);
void case_splice_from_socket(const struct options *options);
void case_splice_after_turns(const struct options *options);
void case_sendfile(const struct options *options);
void case_splice_to_socket(const struct options *options);
void case_epoll_edge(const struct options *options);
void case_epoll_edge_stream(const struct options *options);
void case_epoll_edge_count(const struct options *options);
void case_epoll_level(const struct options *options);
void case_epoll_oneshot(const struct options *options);
void case_epoll_out(const struct options *options);
void case_poll_before_adopt(const struct options *options);
void case_poll_sleeping(const struct options *options);
void case_sigio(const struct options *options);
void case_fork_shared(const struct options *options);
void case_dup(const struct options *options);
void case_fd_passing(const struct options *options);
void case_many_threads_big(const struct options *options);
void case_many_threads_small(const struct options *options);
void case_writers_behind_reader(const struct options *options);
void case_second_writer_behind_reader(const struct options *options);
void case_two_big_writers(const struct options *options);
void case_faulting_reader(const struct options *options);
void case_sock_destroy(const struct options *options);
void case_uring_send_recv(const struct options *options);
void case_uring_read_write(const struct options *options);
void case_uring_sendmsg(const struct options *options);
void case_uring_recv_early(const struct options *options);
void case_uring_poll(const struct options *options);
void case_uring_send_zerocopy(const struct options *options);
void case_uring_shutdown(const struct options *options);
void case_sendmmsg(const struct options *options);
void case_recvmsg_fields(const struct options *options);
void case_sendto_address(const struct options *options);
void case_send_flags(const struct options *options);
void case_select_bits(const struct options *options);
void case_epoll_modify(const struct options *options);
void case_late_nonblock(const struct options *options);
void case_output_queue(const struct options *options);
void case_notsent_lowat(const struct options *options);
void case_buffers_late(const struct options *options);
void case_options_late(const struct options *options);
void case_keepalive_idle(const struct options *options);
void case_socket_names(const struct options *options);
void case_seek(const struct options *options);
void case_many_vectors(const struct options *options);
void case_single_byte_reads(const struct options *options);
void case_shared_readers(const struct options *options);
void case_crowd(const struct options *options);
void case_both_half_close(const struct options *options);
void case_shutdown_both(const struct options *options);
void case_listener_closed(const struct options *options);
void case_mptcp_fallback(const struct options *options);
void case_zero_read(const struct options *options);
void case_nonce_replayed(const struct options *options);
void case_checksummed_load(const struct options *options);
void case_cgroup_churn(const struct options *options);
void case_connection_churn(const struct options *options);
void case_conntrack_idle(const struct options *options);
void case_many_idle(const struct options *options);

#endif
