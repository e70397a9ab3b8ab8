/* SPDX-License-Identifier: MIT */
#include "input/new_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

#define TEMPORARY ".cpulevel.XXXXXX"
#define ASIDE     ".old"

/* What becomes of a file while it is written. */
struct writing {
	char *temporary, *aside; /* names: its first, and a second for the file that it replaces */
	bool there;              /* it has its temporary name */
	bool named;              /* it has its own name */
	bool kept, moved;        /* the file that it replaces has a second name; and only that */
};

void signals_hold(sigset_t *ret_before)
{
	static const int held[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, ret_before);
}

void signals_release(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

bool new_file_free(const char *path, bool replace, const char *advice)
{
	struct stat st;
	char message[128];

	if (lstat(path, &st) != 0)
		return true; /* not there, or writing it will say why not */
	if (S_ISREG(st.st_mode) && replace)
		return true;
	if (S_ISREG(st.st_mode))
		snprintf(message, sizeof(message), "already exists; %s", advice);
	else if (S_ISLNK(st.st_mode))
		snprintf(message, sizeof(message),
		         "is a symbolic link; give the name of the file that is meant");
	else if (S_ISDIR(st.st_mode))
		snprintf(message, sizeof(message), "is a folder; give the name of a file in it");
	else
		snprintf(message, sizeof(message),
		         "is not a file but a device, pipe or socket; not written");
	trouble(path, message);
	return false;
}

/* Removes a file.  What was wrong before stays in errno. */
static void remove_file(const char *path)
{
	const int cause = errno;

	if (unlink(path) != 0 && errno != ENOENT)
		trouble_errno(path, "cannot be removed");
	errno = cause;
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

/* Writes all bytes and flushes them to the disk.  Closes fd in any case. */
static bool fill(int fd, const struct new_file *f)
{
	const bool ok = write_all(fd, f->at, f->size) && fsync(fd) == 0;
	const int cause = errno;

	if (close(fd) != 0)
		return false;
	errno = cause;
	return ok;
}

/* Writes under the final name; if that fails, nothing is left. */
static bool write_new(const struct new_file *f)
{
	const int fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, f->mode);

	if (fd < 0)
		return false;
	if (fill(fd, f))
		return true;
	remove_file(f->path);
	return false;
}

/* Makes room for the names, in the folder of the file. */
static void start(const struct new_file *f, struct writing *w)
{
	const char *slash = strrchr(f->path, '/');
	const int folder = slash ? (int)(slash + 1 - f->path) : 0;

	w->temporary = allocate((size_t)folder + sizeof(TEMPORARY));
	sprintf(w->temporary, "%.*s" TEMPORARY, folder, f->path);
	w->aside = allocate((size_t)folder + sizeof(TEMPORARY) + sizeof(ASIDE));
}

/* The mode of the file that it replaces, but nobody else may read what is secret. */
static mode_t mode_of(const struct new_file *f)
{
	const mode_t mask = umask(0);
	struct stat st;

	umask(mask);
	if ((f->mode & 077) && lstat(f->path, &st) == 0)
		return st.st_mode & 0777;
	return f->mode & ~mask;
}

/* Writes the complete file under a temporary name. */
static bool prepare(const struct new_file *f, struct writing *w)
{
	const int fd = mkstemp(w->temporary);

	if (fd < 0)
		return false;
	w->there = true;
	sprintf(w->aside, "%s" ASIDE, w->temporary);
	/* FAT has no modes; there, those of the mount decide. */
	fchmod(fd, mode_of(f));
	return fill(fd, f);
}

/*
 * Gives a file its name, unless the name exists by now.  Some file systems have no
 * RENAME_NOREPLACE, others no link(2), and some have neither.
 */
static bool name_new(const struct new_file *f, struct writing *w)
{
	if (renameat2(AT_FDCWD, w->temporary, AT_FDCWD, f->path, RENAME_NOREPLACE) == 0) {
		w->there = false;
		return true;
	}
	if (errno == EEXIST)
		return false;
	if (link(w->temporary, f->path) == 0)
		return true;
	if (errno == EEXIST)
		return false;
	remove_file(w->temporary);
	w->there = false;
	return write_new(f);
}

/* Gives the file that is replaced, if any, a second name; or another, where none can have two. */
static bool keep(const struct new_file *f, struct writing *w)
{
	w->kept = link(f->path, w->aside) == 0;
	if (!w->kept)
		w->kept = w->moved = rename(f->path, w->aside) == 0;
	return w->kept || errno == ENOENT;
}

static bool give_name(const struct new_file *f, struct writing *w, bool replace, bool last)
{
	if (!replace)
		return name_new(f, w);
	/* If the last file has no name, it has replaced nothing. */
	if ((!last && !keep(f, w)) || rename(w->temporary, f->path) != 0)
		return false;
	w->there = false;
	return true;
}

/* Makes all as it was before. */
static void take_back(const struct new_file *list, struct writing *w, size_t count)
{
	const int cause = errno;

	while (count-- > 0) {
		const bool back = w[count].moved || (w[count].kept && w[count].named);

		if (back && rename(w[count].aside, list[count].path) != 0)
			trouble_errno(w[count].aside, "cannot be given its name back");
		else if (w[count].kept && !back)
			remove_file(w[count].aside);
		else if (w[count].named && !back)
			remove_file(list[count].path);
	}
	errno = cause;
}

/* Removes the names that are left, and frees them. */
static void end(struct writing *w, size_t count, bool ok)
{
	for (size_t i = 0; i < count; i++) {
		if (w[i].there)
			remove_file(w[i].temporary);
		if (w[i].kept && ok)
			remove_file(w[i].aside);
		free(w[i].temporary);
		free(w[i].aside);
	}
}

/* Returns count, or the index of the file that failed, with errno. */
static size_t write_list(const struct new_file *list, struct writing *w, size_t count, bool replace)
{
	for (size_t i = 0; i < count; i++)
		if (!prepare(&list[i], &w[i]))
			return i;
	for (size_t i = 0; i < count; i++) {
		w[i].named = give_name(&list[i], &w[i], replace, i + 1 == count);
		if (w[i].named)
			continue;
		take_back(list, w, i + 1);
		return i;
	}
	return count;
}

bool new_files_write(const struct new_file *list, size_t count, bool replace)
{
	struct writing *w;
	sigset_t before;

	for (size_t i = 0; i < count; i++)
		if (!new_file_free(list[i].path, replace, "not overwritten"))
			return false;
	w = allocate(count * sizeof(*w));
	for (size_t i = 0; i < count; i++)
		start(&list[i], &w[i]);
	signals_hold(&before);
	const size_t done = write_list(list, w, count, replace);
	const int cause = errno;
	end(w, count, done == count);
	errno = cause;
	if (done < count)
		trouble_errno(list[done].path, "cannot be written");
	free(w);
	signals_release(&before);
	return done == count;
}

bool new_file_write(const char *path, const char *at, size_t size, unsigned mode, bool replace)
{
	const struct new_file file = { path, at, size, mode };

	return new_files_write(&file, 1, replace);
}
