// SPDX-License-Identifier: Apache-2.0
/*
 * Tells how long its own code takes: two functions that probes can be put into, and a loop that only
 * interrupts make longer. Each line of standard input is what and how often, e.g. `at_nop 1000`; the answer
 * is nanoseconds, and a line `end`. It stays on one CPU, before ordinary threads of others.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE_MAX_BYTES 128

/*
 * at_nop begins with what a USDT probe is: the kernel goes on behind it at once. at_frame begins as most
 * functions do, with room on the stack: that instruction runs in a copy, in a single step, which is another
 * trap. The prologue of a compiler may be of either kind, so they are written down.
 */
#if defined(__x86_64__)
#define FRAME "sub $24, %rsp\n\tadd $24, %rsp\n"
#elif defined(__aarch64__)
#define FRAME "stp x29, x30, [sp, #-16]!\n\tldp x29, x30, [sp], #16\n"
#else
#error unsupported machine (expected: x86_64 or aarch64)
#endif

#define FUNCTION(name, body) \
	".globl " name "\n.type " name ", %function\n" name ":\n\t" body "\tret\n.size " name ", . - " name "\n"

asm(".text\n.balign 16\n" FUNCTION("at_nop", "nop\n") ".balign 16\n" FUNCTION("at_frame", FRAME));

void at_nop(void);
void at_frame(void);

static void die(const char *what)
{
	fprintf(stderr, "%s failed: %s\n", what, strerror(errno));
	exit(1);
}

static long now_ns(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now))
		die("read clock");
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

/* The last CPU: the first ones take most interrupts of devices. */
static void settle(void)
{
	struct sched_param before_others = { .sched_priority = 1 };
	int cpu = CPU_SETSIZE - 1;
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		die("ask for CPUs");
	while (!CPU_ISSET(cpu, &cpus))
		cpu--;
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("stay on a CPU");
	/* Not everybody may, e.g. in a cgroup without such time; figures then spread more. */
	if (sched_setscheduler(0, SCHED_FIFO, &before_others) && errno != EPERM)
		die("come before others");
}

static long call(void (*function)(void), long times)
{
	long begin = now_ns();

	for (long i = 0; i < times; i++)
		function();
	return now_ns() - begin;
}

static long spin(long rounds)
{
	long begin = now_ns();

	for (long i = 0; i < rounds; i++)
		asm volatile("" : "+r"(i));
	return now_ns() - begin;
}

int main(void)
{
	char line[LINE_MAX_BYTES], what[LINE_MAX_BYTES];
	long times, took;

	settle();
	while (fgets(line, sizeof(line), stdin)) {
		errno = EINVAL;
		if (sscanf(line, "%127s %ld", what, &times) != 2)
			die("read line");
		if (!strcmp(what, "at_nop"))
			took = call(at_nop, times);
		else if (!strcmp(what, "at_frame"))
			took = call(at_frame, times);
		else if (!strcmp(what, "spin"))
			took = spin(times);
		else
			die("read what to do");
		printf("%ld\nend\n", took);
		fflush(stdout);
	}
	return 0;
}
