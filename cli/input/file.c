/* SPDX-License-Identifier: MIT */
#include "input/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "input/disk.h"

/* Milliseconds after which a pipe is waited for with a word. */
#define SILENCE_MAX 2000

/* Says that a file is a disk, if it is one. */
static bool print_disk(const char *path, const struct bytes *b)
{
	const char *const disk = disk_message(b->at, b->size);

	if (disk)
		trouble(path, disk);
	return disk != NULL;
}

/* Reads more, up to max + 1 bytes together, to notice a file that is too long.  Frees nothing on
 * failure. */
static bool read_all(int fd, const char *path, size_t max, struct bytes *b)
{
	size_t room = b->size;

	while (b->size <= max) {
		if (b->size == room) {
			room = room < 65536 ? 65536 : room * 2;
			if (room > max + 1)
				room = max + 1;
			char *more = realloc(b->at, room);
			if (!more) {
				trouble_errno(path, "cannot be read");
				return false;
			}
			b->at = more;
		}
		const ssize_t got = read(fd, b->at + b->size, room - b->size);
		if (got < 0) {
			trouble_errno(path, "cannot be read");
			return false;
		}
		if (got == 0)
			return !print_disk(path, b);
		b->size += (size_t)got;
	}
	if (print_disk(path, b))
		return false;
	char message[96];
	snprintf(message, sizeof(message), "the file is too long (limit: %zu bytes)", max);
	trouble(path, message);
	return false;
}

/*
 * Opens a file to read it.  To open a FIFO waits for somebody who writes to it; to poll it does
 * too, but can stop to say so.
 */
static int open_to_read(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISFIFO(st.st_mode))
		return open(path, O_RDONLY | O_CLOEXEC);
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fd;
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	if (poll(&wait, 1, SILENCE_MAX) == 0) {
		/* At once, whatever is held back (crew.h): the user has to do something. */
		char name[PRINTABLE_MAX];
		fprintf(stderr,
		        "cpulevel: %s: is a pipe that nothing has been written to yet; waiting\n",
		        printable(name, sizeof(name), path));
		poll(&wait, 1, -1);
	}
	fcntl(fd, F_SETFL, 0);
	return fd;
}

bool file_read_from(int fd, const char *path, size_t max, struct bytes *ret_bytes)
{
	struct bytes b = { NULL, 0 };

	if (read_all(fd, path, max, &b)) {
		*ret_bytes = b;
		return true;
	}
	free(b.at);
	return false;
}

/* Files are read in several threads. */
static atomic_flag standard_is_read = ATOMIC_FLAG_INIT;

/* The beginning of standard input, once it has been looked at. */
static struct {
	bool looked;
	size_t size;
	char at[16];
} ahead;

bool file_standard_begins(const char *words)
{
	ssize_t got = 1;

	while (!ahead.looked && got > 0 && ahead.size < sizeof(ahead.at)) {
		got = read(STDIN_FILENO, ahead.at + ahead.size, sizeof(ahead.at) - ahead.size);
		ahead.size += got > 0 ? (size_t)got : 0;
	}
	ahead.looked = true;
	return ahead.size >= strlen(words) && memcmp(ahead.at, words, strlen(words)) == 0;
}

static bool read_standard(const char *path, size_t max, struct bytes *ret_bytes)
{
	struct bytes b = { ahead.size ? allocate(ahead.size) : NULL, ahead.size };

	if (atomic_flag_test_and_set(&standard_is_read)) {
		trouble(path, "standard input can be read only once");
	} else {
		if (b.size)
			memcpy(b.at, ahead.at, b.size);
		if (read_all(STDIN_FILENO, path, max, &b)) {
			*ret_bytes = b;
			return true;
		}
	}
	free(b.at);
	return false;
}

bool file_read_optional(const char *path, size_t max, struct bytes *ret_bytes, bool *ret_missing)
{
	const bool standard = strcmp(path, "-") == 0;
	struct stat st;
	bool ok = false;

	const int fd = standard ? STDIN_FILENO : open_to_read(path);
	if (ret_missing)
		*ret_missing = fd < 0 && errno == ENOENT;
	if (fd < 0) {
		if (!ret_missing || !*ret_missing)
			trouble_errno(path, "cannot be opened");
		return false;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		trouble(path, "is a folder, not a file; give the name of a file in it");
	else
		ok = standard ? read_standard(path, max, ret_bytes)
		              : file_read_from(fd, path, max, ret_bytes);
	if (!standard)
		close(fd);
	return ok;
}

bool file_read_beside(const char *path, size_t max, struct bytes *ret_bytes, bool *ret_missing)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		trouble(path, "not a regular file");
		*ret_missing = false;
		return false;
	}
	return file_read_optional(path, max, ret_bytes, ret_missing);
}

bool file_read(const char *path, size_t max, struct bytes *ret_bytes)
{
	return file_read_optional(path, max, ret_bytes, NULL);
}

/* Why standard output could not be written.  Later calls change errno, and stdio keeps no cause. */
static int output_cause;

/* For stdio: writes all, or returns 0. */
static ssize_t put(void *cookie, const char *at, size_t size)
{
	(void)cookie;
	for (size_t done = 0; done < size;) {
		const ssize_t more = write(STDOUT_FILENO, at + done, size - done);

		if (more < 0 && errno != EINTR) {
			output_cause = errno;
			return 0;
		}
		done += more > 0 ? (size_t)more : 0;
	}
	return (ssize_t)size;
}

/* For atexit: whatever wrote there (argp prints --help and ends the program itself). */
static void finish(void)
{
	if (!output_write("", 0))
		_exit(EXIT_TROUBLE);
}

void output_start(void)
{
	const cookie_io_functions_t functions = { .write = put };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EXIT_TROUBLE);
	signal(SIGXFSZ, SIG_IGN);
	stdout = fopencookie(NULL, "w", functions);
	if (!stdout)
		_exit(EXIT_TROUBLE);
	if (isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOLBF, 0);
	atexit(finish);
}

bool output_write(const char *at, size_t size)
{
	static bool told;

	if (fwrite(at, 1, size, stdout) == size && !ferror(stdout) && fflush(stdout) == 0)
		return true;
	errno = output_cause ? output_cause : errno;
	if (!told)
		trouble_errno("standard output", "cannot be written");
	told = true;
	return false;
}

bool path_is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool path_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *path_join(const char *folder, const char *name)
{
	const size_t size = strlen(folder) + strlen(name) + 2;
	char *path = allocate(size);

	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

bool has_end(const char *path, const char *end)
{
	const size_t size = strlen(path), end_size = strlen(end);

	return size > end_size && strcmp(path + size - end_size, end) == 0;
}

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *host_name(const char *path)
{
	const char *base = base_name(path);
	size_t size = strlen(base);

	if (size > 4 && strcmp(base + size - 4, ".txt") == 0)
		size -= 4;
	char *name = allocate(size + 1);
	memcpy(name, base, size);
	return name;
}
