/* SPDX-License-Identifier: MIT */
#include "input/mtools.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "input/child.h"

/* Bytes; a folder of a FAT has at most 65536 entries. */
#define LIST_MAX 0x1000000

/* Runs a program and reads what it writes.  Returns false with a message in error, "" if printed.
 */
static bool run(const struct fat *fat, char **argv, const char *path, size_t max, struct bytes *ret,
                char *error, size_t size)
{
	/* MTOOLS_SKIP_CHECK: what formats sticks does not always count sectors as mtools does. */
	static char *environment[] = { "LC_ALL=C", "MTOOLSRC=/dev/null", "MTOOLS_SKIP_CHECK=1",
		                       NULL };
	const enum child_end end =
		child_run(argv, environment, fat->fd, path, max, ret, error, size);

	if (end == CHILD_ABSENT)
		snprintf(error, size,
		         "%s is not installed (package mtools); or mount the stick and "
		         "give its folder",
		         argv[0]);
	return end == CHILD_DONE;
}

/* The volume as an argument of mtools. */
static void volume(char *at, size_t size, const struct fat *fat)
{
	snprintf(at, size, "/dev/fd/%d@@%" PRIu64, fat->fd, fat->offset);
}

bool mtools_list(const struct fat *fat, const char *folder, struct bytes *ret, bool *ret_missing)
{
	char image[64], where[64], error[2 * PRINTABLE_MAX];
	char *argv[] = { "mdir", "-i", image, "-a", "-b", where, NULL };

	volume(image, sizeof(image), fat);
	snprintf(where, sizeof(where), "::/%s", folder);
	if (run(fat, argv, fat->path, LIST_MAX, ret, error, sizeof(error))) {
		*ret_missing = false;
		return true;
	}
	*ret_missing = strstr(error, "\" not found") != NULL;
	if (!*ret_missing && *error)
		trouble(fat->path, error);
	return false;
}

bool mtools_read(const struct fat *fat, const char *folder, const char *name, const char *path,
                 size_t max, struct bytes *ret)
{
	char image[64], file[PRINTABLE_MAX], error[2 * PRINTABLE_MAX];
	char *argv[] = { "mtype", "-i", image, file, NULL };

	volume(image, sizeof(image), fat);
	snprintf(file, sizeof(file), "::/%s/%s", folder, name);
	if (run(fat, argv, path, max, ret, error, sizeof(error)))
		return true;
	if (*error)
		trouble(path, error);
	return false;
}
