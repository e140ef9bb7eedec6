/*
 * A program with a TLS library linked in and without sockets: whoever calls it moves the bytes. It has the
 * functions of BoringSSL, and one that OpenSSL has for files. Reads lines of: read TEXT, write TEXT, file
 * BYTES, free, clear; | is the end of a line of HTTP. Says "done" after each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What tells that a library is linked in. */
const char *state = "TLS client start_connect";

static char text[65536];
static char buffer[65536];
static int connection;

__attribute__((noipa)) int SSL_read(void *ssl, void *to, int size)
{
	int length = strlen(text);

	if (!ssl || length > size)
		return -1;
	memcpy(to, text, length);
	return length;
}

__attribute__((noipa)) int SSL_write(void *ssl, const void *from, int size)
{
	return ssl && from ? size : -1;
}

__attribute__((noipa)) long SSL_sendfile(void *ssl, int fd, long offset, unsigned long size,
					    int flags)
{
	return ssl && fd >= 0 && !offset && !flags ? (long)size : -1;
}

__attribute__((noipa)) void SSL_free(void *ssl)
{
	if (!ssl)
		abort();
}

__attribute__((noipa)) int SSL_clear(void *ssl)
{
	return ssl != 0;
}

static void unfold(const char *line)
{
	char *at = text;

	for (; *line && *line != '\n'; line++) {
		if (*line == '|')
			*at++ = '\r';
		*at++ = *line == '|' ? '\n' : *line;
	}
	*at = 0;
}

static void obey(const char *line)
{
	if (!strncmp(line, "read ", 5)) {
		unfold(line + 5);
		SSL_read(&connection, buffer, sizeof(buffer));
	} else if (!strncmp(line, "write ", 6)) {
		unfold(line + 6);
		SSL_write(&connection, text, strlen(text));
	} else if (!strncmp(line, "file ", 5)) {
		SSL_sendfile(&connection, 0, 0, strtoul(line + 5, 0, 10), 0);
	} else if (!strncmp(line, "clear", 5)) {
		SSL_clear(&connection);
	} else {
		SSL_free(&connection);
	}
}

int main(void)
{
	static char line[65536];

	puts(state ? "ready" : "");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		obey(line);
		puts("done");
		fflush(stdout);
	}
	return 0;
}
