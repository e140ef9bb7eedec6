/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECTION_BYTES 32768
#define DETAIL_BYTES 512

struct section {
	char text[SECTION_BYTES];
	size_t used;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct section observations;
static struct section timing;
static char detail[DETAIL_BYTES];
static const char *name = "";
static const char *variant = "";
static const char *current_step = "start";
static bool ok = true;
static pid_t owner;

void report_open(const char *case_name, const char *case_variant)
{
	name = case_name;
	variant = case_variant;
	owner = getpid();
}

static void escape(char *out, size_t size, const char *text)
{
	size_t used = 0;

	for (; *text && used + 2 < size; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			out[used++] = '\\';
		out[used++] = c < 0x20 ? ' ' : (char)c;
	}
	out[used] = '\0';
}

static void add(struct section *section, const char *key, const char *json_value)
{
	size_t left;
	int written;

	pthread_mutex_lock(&lock);
	left = sizeof(section->text) - section->used;
	written = snprintf(section->text + section->used, left, "%s\"%s\":%s",
			   section->used ? "," : "", key, json_value);
	if (written > 0 && (size_t)written < left)
		section->used += written;
	else
		section->text[section->used] = '\0';
	pthread_mutex_unlock(&lock);
}

void observe_int(const char *key, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	add(&observations, key, text);
}

void observe_flag(const char *key, bool value)
{
	add(&observations, key, value ? "true" : "false");
}

void observe_text(const char *key, const char *value)
{
	char escaped[256], text[300];

	escape(escaped, sizeof(escaped), value);
	snprintf(text, sizeof(text), "\"%s\"", escaped);
	add(&observations, key, text);
}

void observe_result(const char *key, ssize_t result)
{
	const char *errno_name = strerrorname_np(errno);
	char text[32];

	if (result < 0) {
		observe_text(key, errno_name ? errno_name : "unknown errno");
		return;
	}
	snprintf(text, sizeof(text), "%zd", result);
	observe_text(key, text);
}

void observe_events(const char *key, short events)
{
	static const struct {
		short bit;
		const char *name;
	} names[] = {
		{POLLIN, "IN"},	      {POLLPRI, "PRI"}, {POLLOUT, "OUT"},
		{POLLRDHUP, "RDHUP"}, {POLLHUP, "HUP"}, {POLLERR, "ERR"},
	};
	char text[64] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(events & names[i].bit))
			continue;
		if (text[0])
			strcat(text, "|");
		strcat(text, names[i].name);
	}
	observe_text(key, text);
}

void time_int(const char *key, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	add(&timing, key, text);
}

void fail(const char *format, ...)
{
	va_list args;

	pthread_mutex_lock(&lock);
	if (ok) {
		va_start(args, format);
		vsnprintf(detail, sizeof(detail), format, args);
		va_end(args);
	}
	ok = false;
	pthread_mutex_unlock(&lock);
}

int report_close(void)
{
	char escaped[DETAIL_BYTES * 2];

	pthread_mutex_lock(&lock);
	escape(escaped, sizeof(escaped), detail);
	printf("{\"case\":\"%s\",\"variant\":\"%s\",\"observations\":{%s},\"timing\":{%s},"
	       "\"ok\":%s,\"detail\":\"%s\"}\n",
	       name, variant, observations.text, timing.text, ok ? "true" : "false", escaped);
	fflush(stdout);
	pthread_mutex_unlock(&lock);
	return ok ? 0 : 1;
}

void fatal(const char *format, ...)
{
	char text[DETAIL_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* A forked peer has no report of its own: its parent sees the exit code. */
	if (getpid() != owner) {
		fprintf(stderr, "shunt-peers child: %s\n", text);
		_exit(1);
	}
	fail("%s (step: %s)", text, current_step);
	report_close();
	_exit(1);
}

long must(long result, const char *operation)
{
	int error = errno;

	if (result < 0)
		fatal("%s failed: %s (%s/%d)", operation, strerror(error), strerrorname_np(error),
		      error);
	return result;
}

void step(const char *what)
{
	__atomic_store_n(&current_step, what, __ATOMIC_RELEASE);
}

static void *watchdog(void *seconds)
{
	struct timespec left = {.tv_sec = (time_t)(unsigned long)seconds};

	clock_nanosleep(CLOCK_MONOTONIC, 0, &left, NULL);
	fatal("timeout after %lu s", (unsigned long)seconds);
}

void watchdog_start(unsigned int seconds)
{
	sigset_t all, before;
	pthread_t thread;

	/* Signals are for the cases that observe them; the thread inherits the mask from its first moment. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	if (pthread_create(&thread, NULL, watchdog, (void *)(unsigned long)seconds))
		fatal("start watchdog thread failed");
	pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}
