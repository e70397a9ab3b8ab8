/* SPDX-License-Identifier: MIT */
#include "input/home.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "input/sealed.h"

enum state { STATE_ABSENT, STATE_SAME, STATE_OTHER };

bool home_open(const char *folder)
{
	struct stat st;

	if (stat(folder, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			trouble(folder, "not a folder; reports are taken into a folder");
		return S_ISDIR(st.st_mode);
	}
	if (errno == ENOENT && mkdir(folder, 0777) == 0)
		return true;
	trouble_errno(folder, "cannot be made");
	return false;
}

bool home_apart(const char *folder, const char *path)
{
	char *home = realpath(folder, NULL), *stick = realpath(path, NULL);
	const size_t size = stick ? strlen(stick) : 0;
	const bool in = home && stick && strncmp(home, stick, size) == 0 &&
	                (home[size] == '/' || home[size] == '\0');

	free(home);
	free(stick);
	if (in)
		trouble(folder, "is in the stick's folder, and nothing is written there; give "
		                "another folder with -o");
	return !in;
}

/* Says whether a file is there, with these bytes or with others. */
static enum state state_of(const char *path, const struct bytes *b)
{
	struct bytes there;
	struct stat st;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return STATE_ABSENT;
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != b->size ||
	    !file_read(path, b->size, &there))
		return STATE_OTHER;
	const bool same = there.size == b->size && memcmp(there.at, b->at, b->size) == 0;
	free(there.at);
	return same ? STATE_SAME : STATE_OTHER;
}

static void print_other(const char *path)
{
	trouble(path, "already exists, with other bytes; not overwritten, and the report is left "
	              "on the stick (take it into another folder with -o)");
}

/* Puts both into place.  Where one is already, only the other is missing. */
static bool put(const char *path, const char *seal_path, const struct bytes *report,
                const struct bytes *seal, bool *ret_there)
{
	const enum state old = state_of(path, report);
	const enum state old_seal = seal ? state_of(seal_path, seal) : STATE_ABSENT;

	*ret_there = old == STATE_SAME && (!seal || old_seal == STATE_SAME);
	if (*ret_there)
		return true;
	if (old == STATE_OTHER || old_seal == STATE_OTHER) {
		print_other(old == STATE_OTHER ? path : seal_path);
		return false;
	}
	if (old == STATE_SAME)
		return file_write(seal_path, seal->at, seal->size, 0644, false);
	if (old_seal == STATE_SAME)
		return file_write(path, report->at, report->size, 0644, false);
	return sealed_write(path, report, seal,
	                    "already exists, but the report on the stick has no seal; not taken");
}

bool home_put(const char *folder, const char *name, const struct bytes *report,
              const struct bytes *seal, bool *ret_there)
{
	char *path = path_join(folder, name), *seal_path = sealed_path(path);
	const bool ok = put(path, seal_path, report, seal, ret_there);

	free(path);
	free(seal_path);
	return ok;
}

static int is_report(const struct dirent *e)
{
	return inputs_report_name(e->d_name);
}

void home_each(const char *folder, void (*visit)(void *ctx, const char *path, const char *name),
               void *ctx)
{
	struct dirent **entry;
	const int count = scandir(folder, &entry, is_report, alphasort);

	for (int i = 0; i < count; i++) {
		char *path = path_join(folder, entry[i]->d_name);

		visit(ctx, path, entry[i]->d_name);
		free(path);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
}
