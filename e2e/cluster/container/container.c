// SPDX-License-Identifier: Apache-2.0
/*
 * Becomes the process of a container: joins its cgroup, its network namespace and a mount namespace
 * of its own, then executes the program. What containerd and runc do, but for images: the root is
 * the machine's own file system below an overlay in memory, so that what the container writes is
 * nobody else's and goes with it.
 *
 *   shunt-container [OPTION]... -- PROGRAM [ARGUMENT]...
 *
 * Options in the order in which they are to take effect:
 *   --cgroup DIR           join this cgroup
 *   --cgroup-namespace     from here on, the cgroup that was joined is the root that /proc shows
 *   --netns FILE           enter this network namespace
 *   --enter PID            enter the mount, cgroup and network namespace of a process; no overlay
 *   --overlay DIR          make a mount namespace; DIR is an empty folder to build the root in
 *   --mount SRC DST MODE   what is at SRC is to be at DST of the new root; MODE: rw or ro
 *   --root                 make the overlay the root, with its mounts
 *   --read-only            the root itself is read-only from here on
 *   --directory DIR        working directory
 *
 * The first failure ends it with 125, as container runtimes do when a container cannot be made.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CANNOT_MAKE 125
#define CANNOT_EXECUTE 127

#define MOUNTS_MAX 64

/* Where the overlay is built. */
static char root[4096];

/* A mount that waits for the root to be there. */
struct kept {
	int fd;
	const char *target;
};

static struct kept mounts[MOUNTS_MAX];
static int mount_count;

static void die(const char *operation, const char *object)
{
	fprintf(stderr, "%s %s failed: %s (%d); the container does not start\n", operation, object,
		strerror(errno), errno);
	exit(CANNOT_MAKE);
}

static char *joined(char *buffer, size_t size, const char *folder, const char *name)
{
	if ((size_t)snprintf(buffer, size, "%s%s", folder, name) >= size) {
		errno = ENAMETOOLONG;
		die("name", name);
	}
	return buffer;
}

static void join_cgroup(const char *folder)
{
	char file[4096];
	int fd = open(joined(file, sizeof(file), folder, "/cgroup.procs"), O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "0", 1) != 1)
		die("join cgroup", folder);
	close(fd);
}

static void enter(const char *file, int type)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, type))
		die("enter namespace", file);
	close(fd);
}

static void enter_process(const char *pid)
{
	char file[128], folder[64];

	snprintf(folder, sizeof(folder), "/proc/%s/ns", pid);
	/* the mount namespace last: /proc may be another one in there */
	enter(joined(file, sizeof(file), folder, "/net"), CLONE_NEWNET);
	enter(joined(file, sizeof(file), folder, "/cgroup"), CLONE_NEWCGROUP);
	enter(joined(file, sizeof(file), folder, "/mnt"), CLONE_NEWNS);
}

/* Makes all folders above path, and path itself as a folder or as an empty file. */
static void make_target(char *path, int is_folder)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			die("make folder", path);
		*slash = '/';
	}
	if (is_folder) {
		if (mkdir(path, 0755) && errno != EEXIST)
			die("make folder", path);
		return;
	}
	int fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0644);

	/* a link that leads nowhere here, such as that of systemd-resolved */
	if (fd < 0 && !unlink(path))
		fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		die("make file", path);
	close(fd);
}

/* Keeps a copy of what is mounted at source, for when there is a root to attach it to. */
static void keep_mount(const char *source, const char *target, const char *mode)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
	struct kept *mount = &mounts[mount_count];

	if (mount_count++ == MOUNTS_MAX) {
		errno = E2BIG;
		die("keep mount", source);
	}
	mount->target = target;
	mount->fd = open_tree(AT_FDCWD, source,
			      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (mount->fd < 0)
		die("open", source);
	if (!strcmp(mode, "ro") && mount_setattr(mount->fd, "", AT_EMPTY_PATH | AT_RECURSIVE,
						 &attributes, sizeof(attributes)))
		die("make read-only", source);
}

/* The folder holds a file system in memory: upper and lower layer may not be in each other. */
static void overlay(const char *folder)
{
	char upper[4096], work[4096], options[16384];

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("make", "mount namespace");
	if (mount("shunt-container", folder, "tmpfs", MS_NODEV, "mode=0755"))
		die("mount", folder);
	joined(upper, sizeof(upper), folder, "/upper");
	joined(work, sizeof(work), folder, "/work");
	joined(root, sizeof(root), folder, "/root");
	if (mkdir(upper, 0755) || mkdir(work, 0755) || mkdir(root, 0755))
		die("make folders in", folder);
	snprintf(options, sizeof(options), "lowerdir=/,upperdir=%s,workdir=%s", upper, work);
	if (mount("overlay", root, "overlay", 0, options))
		die("mount", options);
	keep_mount("/proc", "/proc", "rw");
	keep_mount("/sys", "/sys", "rw");
	keep_mount("/dev", "/dev", "rw");
}

static void attach(const struct kept *mount)
{
	char target[4096];
	struct stat found;

	if (fstat(mount->fd, &found))
		die("find source of", mount->target);
	/* what it covers would still be in /proc/self/mountinfo, where JVMs look for cgroups */
	while (!umount2(mount->target, MNT_DETACH))
		;
	make_target(joined(target, sizeof(target), mount->target, ""), S_ISDIR(found.st_mode));
	if (move_mount(mount->fd, "", AT_FDCWD, target,
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS))
		die("mount", mount->target);
	close(mount->fd);
}

/* Mounts are attached last: a link such as /var/run must lead into this root, not the machine's. */
static void become_root(void)
{
	/* old and new root may be stacked on each other, pivot_root(2) */
	if (chdir(root) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH))
		die("change root to", root);
	if (chdir("/"))
		die("change to", "/");
	for (int i = 0; i < mount_count; i++)
		attach(&mounts[i]);
}

static void make_read_only(void)
{
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL))
		die("make read-only", "/");
}

static const char *next(char ***arguments)
{
	const char *value = *++*arguments;

	if (!value) {
		errno = EINVAL;
		die("read option", (*arguments)[-1]);
	}
	return value;
}

static void obey(char ***arguments)
{
	const char *option = **arguments;

	if (!strcmp(option, "--cgroup")) {
		join_cgroup(next(arguments));
	} else if (!strcmp(option, "--cgroup-namespace")) {
		if (unshare(CLONE_NEWCGROUP))
			die("make", "cgroup namespace");
	} else if (!strcmp(option, "--netns")) {
		enter(next(arguments), CLONE_NEWNET);
	} else if (!strcmp(option, "--enter")) {
		enter_process(next(arguments));
	} else if (!strcmp(option, "--overlay")) {
		overlay(next(arguments));
	} else if (!strcmp(option, "--mount")) {
		const char *source = next(arguments), *target = next(arguments);

		keep_mount(source, target, next(arguments));
	} else if (!strcmp(option, "--read-only")) {
		make_read_only();
	} else if (!strcmp(option, "--root")) {
		become_root();
	} else if (!strcmp(option, "--directory")) {
		const char *folder = next(arguments);

		if (chdir(folder))
			die("change to", folder);
	} else {
		errno = EINVAL;
		die("read option", option);
	}
}

int main(int argc, char **argv)
{
	char **argument = argv + 1;

	if (argc < 2)
		return CANNOT_MAKE;
	for (; *argument && strcmp(*argument, "--"); argument++)
		obey(&argument);
	if (!*argument || !argument[1]) {
		errno = EINVAL;
		die("find program in", argv[0]);
	}
	execvp(argument[1], argument + 1);
	fprintf(stderr, "execute %s failed: %s (%d); the container ends\n", argument[1],
		strerror(errno), errno);
	return CANNOT_EXECUTE;
}
