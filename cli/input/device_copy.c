/* SPDX-License-Identifier: MIT */
#include "input/device_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"
#include "output/progress.h"

/* Each is on the drive before the next is written, so that progress is true. */
#define CHUNK ((size_t)1 << 20)

/* The memory of a copy. */
struct chunks {
	char *image, *drive;
};

/* Reads exactly size bytes.  Returns false with errno, 0 if the file ends before. */
static bool read_at(int fd, uint64_t offset, char *at, size_t size)
{
	errno = 0;
	while (size) {
		const ssize_t got = pread(fd, at, size, (off_t)offset);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		if (got > 0) {
			at += got;
			offset += (uint64_t)got;
			size -= (size_t)got;
		}
	}
	return true;
}

static bool write_at(const struct device_copy *c, uint64_t offset, const char *at, size_t size)
{
	while (size) {
		const ssize_t put = pwrite(c->to, at, size, (off_t)offset);

		if (put < 0 && errno != EINTR)
			break;
		if (put > 0) {
			at += put;
			offset += (uint64_t)put;
			size -= (size_t)put;
		}
	}
	if (size == 0 && fdatasync(c->to) == 0)
		return true;
	trouble_errno(c->path, "cannot be written");
	return false;
}

static size_t chunk_at(uint64_t offset, uint64_t end)
{
	return end - offset < CHUNK ? (size_t)(end - offset) : CHUNK;
}

static bool read_image(const struct device_copy *c, uint64_t offset, char *at, size_t size)
{
	if (read_at(c->from, offset, at, size))
		return true;
	if (errno)
		trouble_errno(c->image, "cannot be read");
	else
		trouble(c->image, "has become shorter");
	return false;
}

/* Where the zeros at the drive's end begin. */
static uint64_t tail(const struct device_copy *c)
{
	return c->drive - c->size < CHUNK ? c->size : c->drive - CHUNK;
}

static bool write_all(const struct device_copy *c, struct chunks *b)
{
	memset(b->drive, 0, CHUNK);
	if (!write_at(c, 0, b->drive, chunk_at(0, c->size)) ||
	    !write_at(c, tail(c), b->drive, (size_t)(c->drive - tail(c))))
		return false;
	for (uint64_t at = CHUNK; at < c->size; at += CHUNK) {
		const size_t size = chunk_at(at, c->size);

		progress_step();
		if (!read_image(c, at, b->image, size) || !write_at(c, at, b->image, size))
			return false;
	}
	const size_t first = chunk_at(0, c->size);
	if (!read_image(c, 0, b->image, first) || !write_at(c, 0, b->image, first))
		return false;
	return true;
}

/* Has the next reads ask the drive. */
static bool forget(const struct device_copy *c)
{
	if (fsync(c->to) == 0 && ioctl(c->to, BLKFLSBUF, 0) == 0)
		return true;
	trouble_errno(c->path, "cannot be flushed");
	return false;
}

/* Compares size bytes of the drive with those at wanted. */
static bool same(const struct device_copy *c, uint64_t offset, const char *wanted, char *at,
                 size_t size)
{
	char message[128];

	if (!read_at(c->to, offset, at, size)) {
		trouble_errno(c->path, "cannot be read back");
		return false;
	}
	for (size_t i = 0; i < size; i++) {
		if (at[i] == wanted[i])
			continue;
		snprintf(message, sizeof(message),
		         "not what was written, at byte %" PRIu64 ": the drive is bad, or smaller "
		         "than it says",
		         offset + i);
		trouble(c->path, message);
		return false;
	}
	return true;
}

static bool compare_all(const struct device_copy *c, struct chunks *b)
{
	for (uint64_t at = 0; at < c->size; at += CHUNK) {
		const size_t size = chunk_at(at, c->size);

		progress_step();
		if (!read_image(c, at, b->image, size) || !same(c, at, b->image, b->drive, size))
			return false;
	}
	memset(b->image, 0, CHUNK);
	if (!same(c, tail(c), b->image, b->drive, (size_t)(c->drive - tail(c))))
		return false;
	return true;
}

/* Runs one of the two with a bar that counts MiB. */
static bool step(const struct device_copy *c, struct chunks *b, const char *verb,
                 bool (*run)(const struct device_copy *, struct chunks *))
{
	progress_start(verb, (size_t)((c->size + CHUNK - 1) / CHUNK));
	const bool ok = run(c, b);
	progress_end();
	return ok;
}

bool device_copy(const struct device_copy *c)
{
	struct chunks b = { allocate(CHUNK), allocate(CHUNK) };
	const bool ok = step(c, &b, "writing", write_all) && forget(c) &&
	                step(c, &b, "comparing", compare_all);

	free(b.image);
	free(b.drive);
	/* The kernel still has the earlier partitions.  It refuses for drives that have none. */
	if (ok)
		ioctl(c->to, BLKRRPART);
	return ok;
}
