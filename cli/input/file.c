/* SPDX-License-Identifier: MIT */
#include "input/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

/* Reads up to max + 1 bytes, to notice a file that is too long. */
static bool read_all(int fd, const char *path, size_t max, struct bytes *b)
{
	size_t room = 0;

	while (b->size <= max) {
		if (b->size == room) {
			room = room ? room * 2 : 65536;
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
			return true;
		b->size += (size_t)got;
	}
	char message[96];
	snprintf(message, sizeof(message), "the file is too long (limit: %zu bytes)", max);
	trouble(path, message);
	return false;
}

bool file_read_optional(const char *path, size_t max, struct bytes *ret_bytes, bool *ret_missing)
{
	const bool standard = strcmp(path, "-") == 0;
	const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct bytes b = { NULL, 0 };
	struct stat st;
	bool ok = false;

	if (ret_missing)
		*ret_missing = fd < 0 && errno == ENOENT;
	if (fd < 0) {
		if (!ret_missing || !*ret_missing)
			trouble_errno(path, "cannot be opened");
		return false;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		trouble(path, "is a folder, not a file");
	else
		ok = read_all(fd, path, max, &b);
	if (!standard)
		close(fd);
	if (ok)
		*ret_bytes = b;
	else
		free(b.at);
	return ok;
}

bool file_read(const char *path, size_t max, struct bytes *ret_bytes)
{
	return file_read_optional(path, max, ret_bytes, NULL);
}

static bool write_all(int fd, const char *at, size_t size)
{
	while (size) {
		const ssize_t put = write(fd, at, size);
		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0) {
			at += put;
			size -= (size_t)put;
		}
	}
	return true;
}

/* link(2) and not rename(2), because link fails if the name exists by now. */
static bool move_to(const char *temporary, const char *path, bool replace)
{
	if (replace)
		return rename(temporary, path) == 0;
	if (link(temporary, path) != 0)
		return false;
	unlink(temporary);
	return true;
}

bool file_write(const char *path, const char *at, size_t size, unsigned mode, bool replace)
{
	const size_t length = strlen(path) + sizeof(".XXXXXX");
	char *temporary = allocate(length);
	bool ok;

	if (!replace && access(path, F_OK) == 0) {
		trouble(path, "already exists; not overwritten");
		free(temporary);
		return false;
	}
	snprintf(temporary, length, "%s.XXXXXX", path);
	const int fd = mkstemp(temporary);
	if (fd < 0) {
		trouble_errno(path, "cannot be written");
		free(temporary);
		return false;
	}
	const mode_t mask = umask(0);
	umask(mask);
	ok = write_all(fd, at, size) && fchmod(fd, mode & ~mask) == 0 && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	ok = ok && move_to(temporary, path, replace);
	if (!ok) {
		trouble_errno(path, "cannot be written");
		unlink(temporary);
	}
	free(temporary);
	return ok;
}

bool output_write(const char *at, size_t size)
{
	if (fwrite(at, 1, size, stdout) == size && fflush(stdout) == 0)
		return true;
	trouble_errno("standard output", "cannot be written");
	return false;
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
