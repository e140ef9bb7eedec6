/* SPDX-License-Identifier: Apache-2.0 */
/* Cgroups that come and go, each with a process and a connection; not part of the comparison. */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cases.h"
#include "load.h"
#include "report.h"
#include "wait.h"

#define PATH_BYTES 512
#define TURNS 16
#define POD_MISMATCH 2 /* exit code of a pod */

struct pod {
	const struct options *options;
	char path[PATH_BYTES + 32];
};

/* Where this process's cgroup lies in the v2 hierarchy. */
static void own_cgroup(char *path)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	FILE *mine = fopen("/proc/self/cgroup", "r");
	char line[PATH_BYTES / 2] = "", where[PATH_BYTES / 2] = "";
	struct mntent *mount;

	while (mounts && (mount = getmntent(mounts))) {
		if (!strcmp(mount->mnt_type, "cgroup2"))
			snprintf(where, sizeof(where), "%s", mount->mnt_dir);
	}
	while (mine && fgets(line, sizeof(line), mine) && strncmp(line, "0::", 3))
		;
	if (!where[0] || strncmp(line, "0::", 3))
		fatal("no cgroup v2 hierarchy");
	line[strcspn(line, "\n")] = 0;
	snprintf(path, PATH_BYTES, "%s%s", where, line + 3);
	endmntent(mounts);
	fclose(mine);
}

static void join(const char *cgroup)
{
	char path[PATH_BYTES + 64];
	int file;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	file = must(open(path, O_WRONLY | O_CLOEXEC), "open cgroup.procs");
	must(write(file, "0", 1), "join cgroup");
	close(file);
}

/* Both ends are sockets of the new cgroup. */
static void pod_run(void *argument)
{
	const struct pod *pod = argument;
	struct talk talk;
	bool right = true;

	join(pod->path);
	talk_begin(pod->options, &talk);
	for (int turn = 0; right && turn < TURNS; turn++)
		right = carry(&talk, CLIENT, 500) && carry(&talk, SERVER, 5000);
	right = right && load_close(&talk);
	_exit(talk.mismatches ? POD_MISMATCH : !right);
}

/* The kernel says EBUSY for a moment after the last process has ended. */
static void cgroup_remove(const char *path)
{
	for (int tries = 0; rmdir(path); tries++) {
		if (errno != EBUSY || tries > 1000)
			fatal("rmdir %s: %s", path, strerrorname_np(errno));
		usleep(1000);
	}
}

/* --count cgroups, one after the other. */
void case_cgroup_churn(const struct options *options)
{
	unsigned int count = count_or(options, 1000), errors = 0, mismatches = 0, made = 0;
	struct pod pod = {.options = options};
	char parent[PATH_BYTES];
	int ended;

	own_cgroup(parent);
	stop_on_signal();
	for (; made < count && !stopped; made++) {
		snprintf(pod.path, sizeof(pod.path), "%s/pod-%u", parent, made);
		must(mkdir(pod.path, 0755), "mkdir of a cgroup");
		ended = child_join(child_start(pod_run, &pod));
		mismatches += ended == POD_MISMATCH;
		errors += ended && ended != POD_MISMATCH;
		cgroup_remove(pod.path);
	}
	time_int("connections", made);
	time_int("bytes", (long long)made * TURNS * 5500);
	observe_int("cgroups", made);
	observe_int("mismatches", mismatches);
	observe_int("errors", errors);
}
