/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* A client whose peer has gone; with the library linked in, and little of it used. */
#include <openssl/ssl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl = SSL_new(context);
	char byte = 0;
	int ends[2];

	if (!ssl || socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return 1;
	shutdown(ends[1], SHUT_WR);
	puts("ready");
	fflush(stdout);
	getchar();
	SSL_set_fd(ssl, ends[0]);
	SSL_set_connect_state(ssl);
	if (SSL_do_handshake(ssl) == 1 && SSL_read(ssl, &byte, 1) == 1)
		SSL_write(ssl, &byte, 1);
	SSL_free(ssl);
	puts("done");
	fflush(stdout);
	getchar();
	return 0;
}
