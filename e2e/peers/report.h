/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one JSON document that a run prints. A process runs one case, so the report is process-wide.
 *
 * "observations" holds only facts that plain TCP repeats on every run: the suite compares them
 * between plain and accelerated runs, so a value that depends on timing belongs to time_int().
 */
#ifndef SHUNT_PEERS_REPORT_H
#define SHUNT_PEERS_REPORT_H

#include <stdbool.h>
#include <sys/types.h>

void report_open(const char *case_name, const char *variant);

/* Prints the document to stdout; returns the exit code: 0 when the case is ok, else 1. */
int report_close(void);

void observe_int(const char *key, long long value);
void observe_flag(const char *key, bool value);
void observe_text(const char *key, const char *value);

/* Result of a system call as "64" or as the name of errno: call it right after the system call. */
void observe_result(const char *key, ssize_t result);

/* poll(2) bits by name, in a fixed order: "IN|RDHUP". */
void observe_events(const char *key, short events);

void time_int(const char *key, long long value);

/* The case goes on, but its result is not ok; only the first detail is kept. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the document with ok=false and ends the process: the case cannot go on. */
void fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Ends the process through fatal() when a call that has to succeed did not. */
long must(long result, const char *operation);

/* Names what the case is doing: a case that hangs is reported with its last step. */
void step(const char *what);

/* Ends the process through fatal() when the case has not finished in time. */
void watchdog_start(unsigned int seconds);

#endif
