/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shunt-peers: both ends of real TCP connections, one case per run, one JSON document on stdout.
 *
 * Exit codes: 0 the case is ok, 1 it is not, 2 wrong usage.
 */
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "report.h"

#define EXIT_USAGE 2

static const char usage[] =
	"usage: shunt-peers list\n"
	"       shunt-peers run CASE [options]\n"
	"  --family v4|v6|mapped   addresses of the sockets (default v4)\n"
	"  --nonblock | --block    mode of both ends (default --nonblock)\n"
	"  --listen ADDR:PORT      default: loopback, a free port\n"
	"  --connect ADDR:PORT     default: where the listener is\n"
	"  --connect2 ADDR:PORT    second destination of reused_source_port\n"
	"  --client-netns PATH     create the client sockets in this network namespace\n"
	"  --count N               connections or rounds (default: the case's own)\n"
	"  --seed S                of byte patterns and random sizes (default 1)\n"
	"  --warmup N              request/response turns before the case (default 8)\n"
	"  --seconds N             duration of the load cases (default 10)\n"
	"  --connections C         of checksummed_load (default 8)\n"
	"  --source-port P         first port of reused_source_port (default 20000)\n";

enum {
	OPTION_FAMILY = 256,
	OPTION_NONBLOCK,
	OPTION_BLOCK,
	OPTION_LISTEN,
	OPTION_CONNECT,
	OPTION_CONNECT2,
	OPTION_CLIENT_NETNS,
	OPTION_COUNT,
	OPTION_SEED,
	OPTION_WARMUP,
	OPTION_SECONDS,
	OPTION_CONNECTIONS,
	OPTION_SOURCE_PORT,
};

/* Addresses are parsed when the family is known. */
struct arguments {
	const char *listen;
	const char *connect;
	const char *connect2;
};

static void refuse(const char *format, const char *value)
{
	fputs("shunt-peers: ", stderr);
	fprintf(stderr, format, value);
	fprintf(stderr, "\n%s", usage);
	exit(EXIT_USAGE);
}

static unsigned long number(const char *option, const char *text, unsigned long max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || value > max) {
		fprintf(stderr, "shunt-peers: --%s: %s (expected: 0..%lu)\n", option, text, max);
		exit(EXIT_USAGE);
	}
	return value;
}

static enum family family_of(const char *text)
{
	static const char *const names[] = {"v4", "v6", "mapped"};

	for (int i = 0; i < 3; i++) {
		if (!strcmp(text, names[i]))
			return (enum family)i;
	}
	refuse("--family: %s (expected: v4, v6 or mapped)", text);
	return FAMILY_V4;
}

static void take_option(int option, struct options *options, struct arguments *arguments)
{
	switch (option) {
	case OPTION_FAMILY:
		options->family = family_of(optarg);
		break;
	case OPTION_NONBLOCK:
		options->nonblock = true;
		break;
	case OPTION_BLOCK:
		options->nonblock = false;
		break;
	case OPTION_LISTEN:
		arguments->listen = optarg;
		break;
	case OPTION_CONNECT:
		arguments->connect = optarg;
		break;
	case OPTION_CONNECT2:
		arguments->connect2 = optarg;
		break;
	case OPTION_CLIENT_NETNS:
		options->client_netns = open(optarg, O_RDONLY | O_CLOEXEC);
		if (options->client_netns < 0)
			refuse("--client-netns: cannot open %s", optarg);
		break;
	case OPTION_COUNT:
		options->count = number("count", optarg, 10000000);
		break;
	case OPTION_SEED:
		options->seed = number("seed", optarg, ULONG_MAX);
		break;
	case OPTION_WARMUP:
		options->warmup = number("warmup", optarg, 1000000);
		break;
	case OPTION_SECONDS:
		options->seconds = number("seconds", optarg, 86400);
		break;
	case OPTION_CONNECTIONS:
		options->connections = number("connections", optarg, 10000);
		break;
	case OPTION_SOURCE_PORT:
		options->source_port = number("source-port", optarg, 60000);
		break;
	default:
		refuse("%s", "wrong option");
	}
}

static void parse(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{"family", required_argument, NULL, OPTION_FAMILY},
		{"nonblock", no_argument, NULL, OPTION_NONBLOCK},
		{"block", no_argument, NULL, OPTION_BLOCK},
		{"listen", required_argument, NULL, OPTION_LISTEN},
		{"connect", required_argument, NULL, OPTION_CONNECT},
		{"connect2", required_argument, NULL, OPTION_CONNECT2},
		{"client-netns", required_argument, NULL, OPTION_CLIENT_NETNS},
		{"count", required_argument, NULL, OPTION_COUNT},
		{"seed", required_argument, NULL, OPTION_SEED},
		{"warmup", required_argument, NULL, OPTION_WARMUP},
		{"seconds", required_argument, NULL, OPTION_SECONDS},
		{"connections", required_argument, NULL, OPTION_CONNECTIONS},
		{"source-port", required_argument, NULL, OPTION_SOURCE_PORT},
		{0},
	};
	struct arguments arguments = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
		take_option(option, options, &arguments);
	if (optind != argc)
		refuse("unexpected argument %s", argv[optind]);
	if (arguments.listen &&
	    !endpoint_parse(options->family, arguments.listen, &options->listen))
		refuse("--listen: %s is not ADDR:PORT of the family", arguments.listen);
	if (arguments.connect &&
	    !endpoint_parse(options->family, arguments.connect, &options->connect))
		refuse("--connect: %s is not ADDR:PORT of the family", arguments.connect);
	if (arguments.connect2 &&
	    !endpoint_parse(options->family, arguments.connect2, &options->connect2))
		refuse("--connect2: %s is not ADDR:PORT of the family", arguments.connect2);
}

static const char *expectation(enum peer_expectation declared, const char *usual)
{
	switch (declared) {
	case EXPECT_REDIRECTED:
		return "redirected";
	case EXPECT_ON_TCP:
		return "on_tcp";
	case EXPECT_EITHER:
		return "either";
	default:
		return usual;
	}
}

/* One row per case, separated by tabs: name, kind, what to expect (not blocking, blocking), summary. */
static int list(void)
{
	for (const struct peer_case *row = peer_cases; row->name; row++)
		printf("%s\t%s\t%s\t%s\t%s\n", row->name,
		       row->kind == KIND_LOAD ? "load" : "compare",
		       expectation(row->expectation, "redirected"),
		       expectation(row->when_blocking, "on_tcp"), row->summary);
	return 0;
}

static int run(const struct peer_case *chosen, const struct options *options)
{
	static const char *const families[] = {"v4", "v6", "mapped"};
	unsigned int timeout = chosen->timeout_seconds;
	char variant[32];

	snprintf(variant, sizeof(variant), "%s/%s", families[options->family],
		 options->nonblock ? "nonblock" : "block");
	report_open(chosen->name, variant);
	if (timeout)
		watchdog_start(timeout + (chosen->kind == KIND_LOAD ? options->seconds : 0));
	chosen->run(options);
	return report_close();
}

int main(int argc, char **argv)
{
	struct options options = {.nonblock = true,
				  .seed = 1,
				  .warmup = 8,
				  .seconds = 10,
				  .connections = 8,
				  .source_port = 20000,
				  .client_netns = -1};
	const struct peer_case *chosen;

	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc < 3 || strcmp(argv[1], "run"))
		refuse("%s", "expected: list, or run CASE");
	chosen = peer_case_find(argv[2]);
	if (!chosen)
		refuse("no case %s: see shunt-peers list", argv[2]);
	parse(argc - 2, argv + 2, &options);
	return run(chosen, &options);
}
