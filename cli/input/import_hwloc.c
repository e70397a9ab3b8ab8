/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/libarchive.h"
#include "input/dump.h"
#include "input/importers.h"

/* Bytes of the file of one processor; it has a hundred lines of 50. */
#define FILE_SIZE_MAX 0x40000

/* The files of a folder, puN. */
struct files {
	size_t count;
	struct one {
		unsigned long number;
		struct bytes bytes;
	} * at;
};

static const char head[] = "# mask e[abcd]x => e[abcd]x";

/*
 * "5 7 0 1 0 => 1c30 0 0 0": a mask of the registers that count in the input, EAX EBX ECX EDX, and
 * the output (hwloc utils/hwloc/hwloc-gather-cpuid.c).
 */
static bool read_line(struct dump *d)
{
	struct cpuid_leaf l = { .leaf = 0 };
	uint32_t mask, in[CPUID_REGS];
	const char *at = d->line;

	if (*at == '#')
		return true;
	if (!dump_hex(&at, &mask) || !dump_registers(&at, in, " ") || !dump_word(&at, " => ") ||
	    !dump_registers(&at, l.reg, " ") || *at)
		return dump_fail(d, at, "expected a line such as 5 7 0 1 0 => 1c30 0 0 0");
	l.leaf = in[EAX];
	l.subleaf = mask >> ECX & 1 ? in[ECX] : 0;
	return dump_leaf(d, &l);
}

static bool read_processor(struct dump *d, const struct one *file)
{
	const char *const folder = d->path;
	char name[16], *path;
	bool ok = true;

	snprintf(name, sizeof(name), "pu%lu", file->number);
	path = path_join(folder, name);
	d->path = path;
	d->at = file->bytes.at;
	d->end = d->at + file->bytes.size;
	d->where.line = 0;
	ok = dump_processor(d, file->number);
	while (ok && dump_line(d))
		ok = read_line(d);
	d->path = folder;
	free(path);
	return ok && !d->failed;
}

static int by_number(const void *x, const void *y)
{
	const struct one *a = x, *b = y;

	return a->number < b->number ? -1 : a->number > b->number;
}

static bool read_files(struct report *r, const char *path, const struct files *f)
{
	const struct bytes none = { .size = 0 };
	struct dump *d = dump_start(r, path, &none);

	if (f->count)
		qsort(f->at, f->count, sizeof(*f->at), by_number);
	for (size_t i = 0; i < f->count && read_processor(d, &f->at[i]); i++)
		;
	return dump_end(d);
}

static void free_files(struct files *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->at[i].bytes.at);
	free(f->at);
}

/* Returns true if a name is "pu3", and its number. */
static bool is_processor(const char *name, unsigned long *number)
{
	char *end;

	if (strncmp(name, "pu", 2) != 0 || name[2] < '0' || name[2] > '9')
		return false;
	*number = strtoul(name + 2, &end, 10);
	return *end == '\0';
}

/* Adds a file.  Returns false after a message: there are more than processors in a report. */
static bool add(struct files *f, const char *path, unsigned long number, const struct bytes *bytes)
{
	if (f->count == REPORT_PROCESSORS_MAX) {
		trouble(path, err_text(ERR_MANY_CPUS));
		return false;
	}
	f->at = allocate_room(f->at, f->count, sizeof(*f->at));
	f->at[f->count++] = (struct one){ number, *bytes };
	return true;
}

bool hwloc_folder_read(struct report *r, const char *path)
{
	struct files f = { .count = 0 };
	unsigned long number;
	DIR *dir = opendir(path);
	bool ok = dir != NULL;

	if (!dir)
		trouble_errno(path, "cannot be opened");
	for (struct dirent *e; ok && (e = readdir(dir));) {
		struct bytes b;
		char *file = path_join(path, e->d_name);

		if (is_processor(e->d_name, &number)) {
			ok = file_read(file, FILE_SIZE_MAX, &b) && add(&f, path, number, &b);
		}
		free(file);
	}
	if (dir)
		closedir(dir);
	if (ok && !f.count) {
		trouble(path, "a folder without the files of hwloc-gather-cpuid (pu0, pu1, ...)");
		ok = false;
	}
	ok = ok && read_files(r, path, &f);
	free_files(&f);
	return ok;
}

static bool add_entry(struct archive *tar, struct archive_entry *e, const char *path,
                      struct files *f)
{
	const int64_t size = libarchive.archive_entry_size(e);
	unsigned long number;

	if (!is_processor(base_name(libarchive.archive_entry_pathname(e)), &number) ||
	    libarchive.archive_entry_filetype(e) != AE_IFREG)
		return true;
	if (size < 0 || size > FILE_SIZE_MAX) {
		trouble(path, "a file of a processor in it is too long (limit: 262144 bytes)");
		return false;
	}
	struct bytes b = { allocate((size_t)size + 1), (size_t)size };
	if (libarchive.archive_read_data(tar, b.at, b.size) == (la_ssize_t)size &&
	    add(f, path, number, &b))
		return true;
	free(b.at);
	trouble(path, "the archive is damaged, or cut short");
	return false;
}

/* True for what begins as a tar file does, or a compressed file. */
static bool is_archive(const struct bytes *b)
{
	static const struct {
		size_t at;
		const char *words;
	} magic[] = { { 257, "ustar" },
		      { 0, "\x1f\x8b" },
		      { 0, "BZh" },
		      { 0, "\xfd"
		           "7zXZ" } };

	for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++) {
		const size_t size = strlen(magic[i].words);

		if (b->size >= magic[i].at + size &&
		    memcmp(b->at + magic[i].at, magic[i].words, size) == 0)
			return true;
	}
	return false;
}

/* Returns what reads the archive, or NULL if it is none. */
static struct archive *open_tar(const struct bytes *b)
{
	struct archive *t =
		is_archive(b) && libarchive_load() ? libarchive.archive_read_new() : NULL;

	if (!t)
		return NULL;
	libarchive.archive_read_support_format_tar(t);
	libarchive.archive_read_support_filter_gzip(t);
	libarchive.archive_read_support_filter_bzip2(t);
	libarchive.archive_read_support_filter_xz(t);
	if (libarchive.archive_read_open_memory(t, b->at, b->size) == ARCHIVE_OK)
		return t;
	libarchive.archive_read_free(t);
	return NULL;
}

/* How many entries of an archive are looked at. */
#define ENTRIES_MAX (4 * REPORT_PROCESSORS_MAX)

bool hwloc_tar_is(const struct bytes *b)
{
	struct archive_entry *e;
	unsigned long number;
	bool is = false;

	struct archive *t = open_tar(b);
	if (!t)
		return false;
	for (size_t i = 0; !is && i < ENTRIES_MAX; i++) {
		if (libarchive.archive_read_next_header(t, &e) != ARCHIVE_OK ||
		    !libarchive.archive_entry_pathname(e))
			break;
		is = is_processor(base_name(libarchive.archive_entry_pathname(e)), &number);
	}
	libarchive.archive_read_free(t);
	return is;
}

bool hwloc_tar_read(struct report *r, const char *path, struct bytes *b)
{
	struct archive_entry *e;
	struct files f = { .count = 0 };
	int found = ARCHIVE_EOF;
	struct archive *t = open_tar(b);
	bool ok = t != NULL;

	if (!ok && !is_archive(b))
		trouble(path, "neither a tar file nor a compressed one");
	if (!ok)
		return false;
	for (size_t i = 0; ok && i < ENTRIES_MAX; i++) {
		found = libarchive.archive_read_next_header(t, &e);
		if (found != ARCHIVE_OK || !libarchive.archive_entry_pathname(e))
			break;
		ok = add_entry(t, e, path, &f);
	}
	libarchive.archive_read_free(t);
	if (ok && found != ARCHIVE_EOF) {
		trouble(path, "the archive is damaged, or cut short");
		ok = false;
	}
	ok = ok && read_files(r, path, &f);
	free_files(&f);
	return ok;
}

bool hwloc_is(const struct bytes *b)
{
	return b->size >= sizeof(head) - 1 && memcmp(b->at, head, sizeof(head) - 1) == 0;
}

bool hwloc_read(struct report *r, const char *path, struct bytes *b)
{
	if (hwloc_tar_is(b))
		return hwloc_tar_read(r, path, b);
	struct dump *d = dump_start(r, path, b);

	while (dump_line(d) && read_line(d))
		;
	return dump_end(d);
}
