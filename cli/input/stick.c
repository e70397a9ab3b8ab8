/* SPDX-License-Identifier: MIT */
#include "input/stick.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "input/disk.h"

#define REPORTS "cpulevel/reports"

char *stick_file(const struct stick *s, const char *name)
{
	return path_join(s->folder, name);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Adds a file of the folder.  Folders have a / at their end and are left out, and so is what has a
 * dot at its beginning: macOS leaves such files.
 */
static void add_name(struct stick *s, const char *name)
{
	const size_t size = strlen(name);

	if (*name == '.' || size == 0 || name[size - 1] == '/')
		return;
	s->name = allocate_room(s->name, s->count, sizeof(*s->name));
	s->name[s->count] = allocate(size + 1);
	strcpy(s->name[s->count++], name);
}

/* The same for an entry of a mounted folder. */
static void add_entry(struct stick *s, const char *name)
{
	char *path = stick_file(s, name);
	struct stat st;

	if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		add_name(s, name);
	free(path);
}

/*
 * Leaves out names that are there more than once: mtools would read all files of that name as one.
 * Only a damaged file system has such, as where the folder's chain of clusters loops.
 */
static void leave_out_doubles(struct stick *s)
{
	size_t kept = 0;

	for (size_t i = 0, next; i < s->count; i = next) {
		for (next = i + 1; next < s->count && strcmp(s->name[i], s->name[next]) == 0;)
			free(s->name[next++]);
		if (next == i + 1) {
			s->name[kept++] = s->name[i];
			continue;
		}
		char *path = stick_file(s, s->name[i]);
		trouble(path, "several files of this name: the file system is damaged; not taken");
		free(path);
		free(s->name[i]);
		s->damaged = true;
	}
	s->count = kept;
}

/* Calls visit with the names sorted, then forgets them. */
static bool visit_sorted(struct stick *s, stick_visit *visit, void *ctx)
{
	if (s->count)
		qsort(s->name, s->count, sizeof(*s->name), compare);
	leave_out_doubles(s);
	const bool ok = visit(ctx, s);
	for (size_t i = 0; i < s->count; i++)
		free(s->name[i]);
	free(s->name);
	return ok;
}

/* A folder of reports that is mounted. */
static bool each_mounted(const char *path, stick_visit *visit, void *ctx)
{
	struct stick s = { .path = path, .folder = path_join(path, REPORTS), .mounted = true };
	DIR *folder = opendir(s.folder);
	bool ok = false;

	if (!folder && errno == ENOENT) {
		strcpy(s.folder, path);
		folder = opendir(s.folder);
	}
	if (folder) {
		for (const struct dirent *e; (e = readdir(folder));)
			add_entry(&s, e->d_name);
		closedir(folder);
		ok = visit_sorted(&s, visit, ctx);
	} else {
		trouble_errno(s.folder, "cannot be opened");
	}
	free(s.folder);
	return ok;
}

/* Adds the names in the list of mtools. */
static void add_list(struct stick *s, char *list)
{
	static const char before[] = "::/" REPORTS "/";

	for (char *line = strtok(list, "\n"); line; line = strtok(NULL, "\n"))
		if (strncmp(line, before, sizeof(before) - 1) == 0)
			add_name(s, line + sizeof(before) - 1);
}

/* One volume.  Adds 1 to *found if it has a folder of reports. */
static bool each_volume(struct stick *s, size_t *found, stick_visit *visit, void *ctx)
{
	struct bytes list;
	bool missing;

	if (!mtools_list(&s->fat, REPORTS, &list, &missing))
		return missing;
	++*found;
	s->count = 0;
	s->name = NULL;
	s->damaged = false;
	char *text = allocate(list.size + 1);
	memcpy(text, list.at, list.size);
	free(list.at);
	add_list(s, text);
	free(text);
	return visit_sorted(s, visit, ctx);
}

/* The volumes of a device or an image. */
static bool each_of_disk(const char *path, int fd, stick_visit *visit, void *ctx)
{
	struct stick s = { .path = path, .fat = { path, fd, 0 } };
	struct disk *disk = allocate(sizeof(*disk));
	size_t found = 0;
	bool ok = true;

	if (!disk_read(fd, disk)) {
		trouble_errno(path, "cannot be read");
		free(disk);
		return false;
	}
	s.folder = allocate(strlen(path) + sizeof(":/" REPORTS));
	sprintf(s.folder, "%s:/" REPORTS, path);
	for (size_t i = 0; i < disk->count; i++) {
		s.fat.offset = disk->offset[i];
		ok = each_volume(&s, &found, visit, ctx) && ok;
	}
	if (ok && found == 0) {
		trouble(path, disk->count ? "its FAT volume has no folder cpulevel/reports"
		                          : "has no FAT volume: not a stick, nor its image");
		ok = false;
	}
	free(s.folder);
	free(disk);
	return ok;
}

bool stick_each(const char *path, stick_visit *visit, void *ctx)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		trouble(path, "standard input is no stick; give a folder, a device or an image");
		return false;
	}
	/* Before it is opened: to open a pipe or a tape has effects. */
	if (stat(path, &st) != 0) {
		trouble_errno(path, "cannot be opened");
		return false;
	}
	if (S_ISDIR(st.st_mode))
		return each_mounted(path, visit, ctx);
	if (!S_ISBLK(st.st_mode) && !S_ISREG(st.st_mode)) {
		trouble(path, "not a stick: neither a folder nor a block device nor an image");
		return false;
	}
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		trouble_errno(path, "cannot be opened");
		return false;
	}
	const bool ok = each_of_disk(path, fd, visit, ctx);
	close(fd);
	return ok;
}

bool stick_has(const struct stick *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->name[i], name) == 0)
			return true;
	return false;
}

/* Reads a file of a mounted stick, unless it is a link, a pipe or a device. */
static bool read_mounted(const char *path, size_t max, struct bytes *ret)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		trouble(path, "not a regular file");
		return false;
	}
	return file_read(path, max, ret);
}

bool stick_read(const struct stick *s, const char *name, size_t max, struct bytes *ret)
{
	char *path = stick_file(s, name);
	const bool ok = s->mounted ? read_mounted(path, max, ret)
	                           : mtools_read(&s->fat, REPORTS, name, path, max, ret);

	free(path);
	return ok;
}
