/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shunt-load: loads each program of a BPF object alone and says what this kernel's verifier made of it.
 *
 * One line per program on stdout, tab-separated:
 *   program NAME loaded INSTRUCTIONS
 *   program NAME refused ERRNO_NAME REASON
 * where the reason is the last telling line of the verifier's log; the whole log goes to stderr.
 * Exit codes: 0 every program was tried, 2 wrong usage, 3 the object cannot be read.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOG_BYTES (16 << 20)
#define EXIT_USAGE 2
#define EXIT_UNREADABLE 3

/* The last warning of libbpf: names what is missing when the verifier was never asked. */
static char warning[512];

static int note(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN && !strstr(format, "-- BEGIN PROG LOAD LOG --")) {
		char line[sizeof(warning)];

		vsnprintf(line, sizeof(line), format, arguments);
		if (!warning[0])
			strcpy(warning, line);
	}
	return 0;
}

/* Tabs and line ends belong to the format of the report. */
static void flatten(char *text)
{
	for (; *text; text++) {
		if (*text == '\n' || *text == '\t')
			*text = ' ';
	}
}

static int is_telling(const char *line)
{
	return *line && strncmp(line, "processed ", 10) && strncmp(line, "-- END", 6) &&
	       strncmp(line, "verification time", 17) && strncmp(line, "stack depth", 11);
}

/* The last line of the log that is no statistics. */
static const char *reason_in(char *log)
{
	const char *reason = "";
	char *next, *line;

	for (line = strtok_r(log, "\n", &next); line; line = strtok_r(NULL, "\n", &next)) {
		if (is_telling(line))
			reason = line;
	}
	return reason;
}

static unsigned int instructions_of(int fd)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size) ? 0 : info.verified_insns;
}

static void report_refusal(const char *name, int error, char *log)
{
	const char *reason;

	fprintf(stderr, "--- %s\n%s\n", name, log);
	reason = reason_in(log);
	if (!*reason) {
		flatten(warning);
		reason = warning;
	}
	printf("program\t%s\trefused\t%s\t%s\n", name, strerrorname_np(error), reason);
}

static int load_alone(const char *file, const char *name, char *log)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .kernel_log_buf = log,
		    .kernel_log_size = LOG_BYTES);
	struct bpf_object *object;
	struct bpf_program *program;
	int result;

	log[0] = warning[0] = 0;
	object = bpf_object__open_file(file, &options);
	if (!object)
		return -errno;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
	result = bpf_object__load(object);
	if (result) {
		report_refusal(name, -result, log);
	} else {
		program = bpf_object__find_program_by_name(object, name);
		printf("program\t%s\tloaded\t%u\n", name,
		       instructions_of(bpf_program__fd(program)));
	}
	fflush(stdout);
	bpf_object__close(object);
	return 0;
}

int main(int argc, char **argv)
{
	struct bpf_program *program;
	struct bpf_object *object;
	char *log = malloc(LOG_BYTES);

	if (argc != 2 || !log) {
		fputs("usage: shunt-load OBJECT.bpf.o\n", stderr);
		return EXIT_USAGE;
	}
	libbpf_set_print(note);
	object = bpf_object__open_file(argv[1], NULL);
	if (!object) {
		fprintf(stderr, "open object %s failed: %s\n", argv[1], strerror(errno));
		return EXIT_UNREADABLE;
	}
	bpf_object__for_each_program(program, object)
		load_alone(argv[1], bpf_program__name(program), log);
	bpf_object__close(object);
	return 0;
}
