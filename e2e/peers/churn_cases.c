/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that come and go at a fixed rate; not part of the comparison. */
#include <unistd.h>

#include "cases.h"
#include "load.h"
#include "report.h"
#include "wait.h"

/* Open at once: at 100 a second each lives a third of a second. */
#define WINDOW 32

/* From too few to be accelerated to far more than it takes. */
#define MAX_TURNS 24

struct churn {
	const struct options *options;
	int listener;
	struct talk talks[WINDOW];
	uint64_t connections;
	uint64_t bytes;
	uint64_t errors;
	uint64_t mismatches;
};

static bool turn(struct talk *talk, uint64_t random)
{
	return carry(talk, CLIENT, 1 + random % 1000) &&
	       carry(talk, SERVER, 1 + (random >> 20) % 4000);
}

static void begin_one(struct churn *churn, struct talk *talk)
{
	uint64_t random;
	bool right = true;

	talk_connect(churn->options, churn->listener, talk);
	random = pattern_mix(talk->seed);
	churn->connections++;
	for (uint64_t left = random % MAX_TURNS; right && left; left--)
		right = turn(talk, pattern_mix(random + left));
	churn->errors += !right;
}

/* It has been idle since; one of eight ends by reset, as clients in a hurry do. */
static void end_one(struct churn *churn, struct talk *talk)
{
	bool right = turn(talk, pattern_mix(talk->seed + 1));

	if (right && churn->connections % 8 == 0) {
		close_with_reset(talk->fd[CLIENT]);
		talk->fd[CLIENT] = -1;
	} else {
		right = right && load_close(talk);
	}
	churn->errors += !right;
	churn->bytes += talk->heard[CLIENT] + talk->heard[SERVER];
	churn->mismatches += talk->mismatches;
	talk_close(talk);
}

void case_connection_churn(const struct options *options)
{
	static struct churn churn;
	uint64_t period_us = SECOND_US / count_or(options, 100);
	uint64_t begun_us = now_us(), end_us = begun_us + options->seconds * SECOND_US;
	uint64_t due_us = begun_us;

	churn.options = options;
	churn.listener = listener_open(options);
	stop_on_signal();
	for (unsigned int next = 0; !stopped && now_us() < end_us && churn.errors < 3; next++) {
		struct talk *talk = &churn.talks[next % WINDOW];

		if (next >= WINDOW)
			end_one(&churn, talk);
		begin_one(&churn, talk);
		due_us += period_us; /* what came late is made up for */
		if (now_us() < due_us)
			usleep(due_us - now_us());
	}
	time_int("elapsed_us", (long long)(now_us() - begun_us));
	for (unsigned int i = 0; i < WINDOW && i < churn.connections; i++)
		end_one(&churn, &churn.talks[i]);
	time_int("bytes", (long long)churn.bytes);
	time_int("connections", (long long)churn.connections);
	observe_int("mismatches", (long long)churn.mismatches);
	observe_int("errors", (long long)churn.errors);
}
