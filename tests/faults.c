/* SPDX-License-Identifier: MIT */
/*
 * faults.c - for LD_PRELOAD: calls that write files fail, or a signal arrives in their place.
 *
 * FAULTS_LOG is a file that gets the name of each such call.  FAULTS says which fails and how:
 * "5 28" the fifth with errno 28; "link 1" each link with errno 1; "5 s15" signal 15 arrives before
 * the fifth; with commas between several.  Of the calls of the tool only, not of what it starts.
 * FAULTS_BLOCK: this file looks like the block device 8:0.
 * FAULTS_READ: when half of this file has been read, what FAULTS_CHANGE says happens to it:
 * "grows", "shrinks" to that half, "replaced" by the file of that name and .new, "fails" to be read
 * further.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static bool written[256]; /* descriptors of files that are open for writing */
static int failing = -1;  /* one that cannot be read further */

/* A sanitizer makes folders before the program begins, when its strcmp is not there yet. */
static bool begun;

__attribute__((constructor)) static void begin(void)
{
	begun = true;
}

static void note(const char *name)
{
	const char *log = getenv("FAULTS_LOG");
	const int fd = log ? (int)syscall(SYS_open, log, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;

	if (fd < 0)
		return;
	syscall(SYS_write, fd, name, strlen(name));
	syscall(SYS_write, fd, "\n", 1);
	syscall(SYS_close, fd);
}

/* True if this call is to fail; errno then says why. */
static bool fails(const char *name)
{
	static int calls;
	const char *how = getenv("FAULTS");
	char which[32], what[32];
	int used;

	if (!begun || strcmp(program_invocation_short_name, "cpulevel") != 0)
		return false;
	note(name);
	calls++;
	for (; how && sscanf(how, "%31s %31[^,]%n", which, what, &used) == 2; how += used) {
		how += how[used] == ',';
		if (strcmp(which, name) != 0 && atoi(which) != calls)
			continue;
		if (*what == 's') {
			kill(getpid(), atoi(what + 1));
			return false;
		}
		errno = atoi(what);
		return true;
	}
	return false;
}

static int opened(int fd, bool writes)
{
	if (fd >= 0 && fd < 256)
		written[fd] = writes;
	return fd;
}

static bool is_written(int fd)
{
	return fd > STDERR_FILENO && fd < 256 && written[fd];
}

static int open_any(const char *path, int flags, unsigned mode)
{
	const char *ending = strrchr(path, '.');
	/* What writes the counts of gcov is in the program too, and is no call of the tool's. */
	const bool counts = ending && strcmp(ending, ".gcda") == 0;
	const bool writes = (flags & O_ACCMODE) != O_RDONLY && !counts;

	if (writes && fails("open"))
		return -1;
	return opened((int)syscall(SYS_open, path, flags, mode), writes);
}

int open(const char *path, int flags, ...)
{
	va_list list;

	va_start(list, flags);
	const unsigned mode = flags & O_CREAT ? va_arg(list, unsigned) : 0;
	va_end(list);
	return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list list;

	va_start(list, flags);
	const unsigned mode = flags & O_CREAT ? va_arg(list, unsigned) : 0;
	va_end(list);
	return open_any(path, flags, mode);
}

int mkstemp(char *name)
{
	return fails("mkstemp") ? -1 : opened(REAL(mkstemp)(name), true);
}

char *mkdtemp(char *name)
{
	return fails("mkdtemp") ? NULL : REAL(mkdtemp)(name);
}

int mkdir(const char *path, mode_t mode)
{
	return fails("mkdir") ? -1 : REAL(mkdir)(path, mode);
}

ssize_t write(int fd, const void *at, size_t size)
{
	if (is_written(fd) && fails("write"))
		return -1;
	return REAL(write)(fd, at, size);
}

ssize_t pwrite(int fd, const void *at, size_t size, off_t offset)
{
	if (is_written(fd) && fails("pwrite"))
		return -1;
	return REAL(pwrite)(fd, at, size, offset);
}

static bool is_file(int fd, const char *path, struct stat *st)
{
	struct stat named;

	return fstat(fd, st) == 0 && stat(path, &named) == 0 && st->st_ino == named.st_ino &&
	       st->st_dev == named.st_dev;
}

static void change(const char *how, const char *path, off_t half)
{
	static const char more[] = "\001more\n";
	char new[4096];

	snprintf(new, sizeof(new), "%s.new", path);
	if (strcmp(how, "grows") == 0) {
		const int fd = (int)syscall(SYS_open, path, O_WRONLY | O_APPEND);

		syscall(SYS_write, fd, more, sizeof(more) - 1);
		syscall(SYS_close, fd);
	}
	if (strcmp(how, "shrinks") == 0)
		syscall(SYS_truncate, path, half);
	if (strcmp(how, "replaced") == 0)
		syscall(SYS_rename, new, path);
}

ssize_t read(int fd, void *at, size_t size)
{
	static bool changed;
	const char *path = getenv("FAULTS_READ"), *how = getenv("FAULTS_CHANGE");
	struct stat st;

	if (fd >= 0 && fd == failing) {
		errno = EIO;
		return -1;
	}
	if (!path || !how || changed || !is_file(fd, path, &st) || st.st_size < 2)
		return REAL(read)(fd, at, size);
	changed = true;
	const off_t half = st.st_size / 2;
	const ssize_t got = REAL(read)(fd, at, size < (size_t)half ? size : (size_t)half);
	change(how, path, half);
	if (strcmp(how, "fails") == 0)
		failing = fd;
	return got;
}

int fsync(int fd)
{
	return is_written(fd) && fails("fsync") ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
	return is_written(fd) && fails("fdatasync") ? -1 : REAL(fdatasync)(fd);
}

int fchmod(int fd, mode_t mode)
{
	return is_written(fd) && fails("fchmod") ? -1 : REAL(fchmod)(fd, mode);
}

int close(int fd)
{
	const bool fault = is_written(fd) && fails("close");
	const int cause = errno;

	if (fd >= 0 && fd < 256)
		written[fd] = false;
	if (fd == failing)
		failing = -1;
	const int result = REAL(close)(fd);
	if (!fault)
		return result;
	errno = cause;
	return -1;
}

int link(const char *from, const char *to)
{
	return fails("link") ? -1 : REAL(link)(from, to);
}

int rename(const char *from, const char *to)
{
	return fails("rename") ? -1 : REAL(rename)(from, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	return fails("renameat2") ? -1 : REAL(renameat2)(from_fd, from, to_fd, to, flags);
}

int unlink(const char *path)
{
	return fails("unlink") ? -1 : REAL(unlink)(path);
}

static bool is_posed(int fd)
{
	const char *path = getenv("FAULTS_BLOCK");
	struct stat a, b;

	return path && REAL(fstat)(fd, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino;
}

int fstat(int fd, struct stat *st)
{
	const int result = REAL(fstat)(fd, st);

	if (result == 0 && is_posed(fd)) {
		st->st_mode = S_IFBLK | 0600;
		st->st_rdev = makedev(8, 0);
	}
	return result;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	struct stat st;

	va_start(list, request);
	void *const argument = va_arg(list, void *);
	va_end(list);
	if (!is_posed(fd))
		return (int)syscall(SYS_ioctl, fd, request, argument);
	if (request == BLKRRPART)
		return 0;
	if (fails("ioctl") || REAL(fstat)(fd, &st) != 0)
		return -1;
	if (request == BLKGETSIZE64)
		*(unsigned long long *)argument = (unsigned long long)st.st_size;
	return 0;
}
