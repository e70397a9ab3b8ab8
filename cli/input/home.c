/* SPDX-License-Identifier: MIT */
#include "input/home.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "input/inputs.h"
#include "input/new_files.h"
#include "report/setup.h"
#include "tpm/attest_text.h"

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

const char *home_ending(enum home_part part)
{
	/* NOLINTBEGIN(bugprone-suspicious-missing-comma): the last is one name */
	static const char *const endings[HOME_PARTS] = { "", ".minisig", ATTEST_ENDING, SETUP_FILE,
		                                         SETUP_FILE ".minisig" };
	/* NOLINTEND(bugprone-suspicious-missing-comma) */

	return endings[part];
}

/* Says whether a file is there, with these bytes or with others. */
static enum state state_of(const char *path, bool known, const struct bytes *b)
{
	struct bytes there;
	struct stat st;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return STATE_ABSENT;
	if (!known || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != b->size ||
	    !file_read(path, b->size, &there))
		return STATE_OTHER;
	const bool same = there.size == b->size && memcmp(there.at, b->at, b->size) == 0;
	free(there.at);
	return same ? STATE_SAME : STATE_OTHER;
}

/*
 * Returns true if no part that is there has other bytes.  A part that is there and not on the stick
 * is kept beside the same report, and would be taken for part of a new one.
 */
static bool may_put(char *const path[HOME_PARTS], const enum state state[HOME_PARTS],
                    const struct home_files *f)
{
	for (size_t i = 0; i < HOME_PARTS; i++) {
		if (state[i] != STATE_OTHER || (!f->known[i] && state[HOME_REPORT] == STATE_SAME))
			continue;
		trouble(path[i], f->known[i] ? "already exists, with other bytes; not overwritten, "
		                               "and the report is left on the stick (take it into "
		                               "another folder with -o)"
		                             : "already exists, but the report on the stick has no "
		                               "such file; not taken");
		return false;
	}
	return true;
}

/* Writes what is missing, the report last: where there is a report, there is what belongs to it. */
static bool put_missing(char *const path[HOME_PARTS], const enum state state[HOME_PARTS],
                        const struct home_files *f, bool *ret_there)
{
	struct new_file missing[HOME_PARTS];
	size_t count = 0;

	for (size_t i = HOME_PARTS; i-- > 0;)
		if (f->known[i] && state[i] != STATE_SAME)
			missing[count++] =
				(struct new_file){ path[i], f->part[i].at, f->part[i].size, 0644 };
	*ret_there = count == 0;
	return new_files_write(missing, count, false);
}

bool home_put(const char *folder, const char *name, const struct home_files *f, bool *ret_there)
{
	char *report = path_join(folder, name), *path[HOME_PARTS];
	enum state state[HOME_PARTS];

	for (size_t i = 0; i < HOME_PARTS; i++) {
		const char *ending = home_ending((enum home_part)i);

		path[i] = allocate(strlen(report) + strlen(ending) + 1);
		sprintf(path[i], "%s%s", report, ending);
		state[i] = state_of(path[i], f->known[i], &f->part[i]);
	}
	const bool ok = may_put(path, state, f) && put_missing(path, state, f, ret_there);
	for (size_t i = 0; i < HOME_PARTS; i++)
		free(path[i]);
	free(report);
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
