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

#define DAMAGED "the archive is damaged, or cut short"

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
	trouble(path, DAMAGED);
	return false;
}

static bool has_at(const struct bytes *b, size_t at, const char *words)
{
	const size_t size = strlen(words);

	return b->size >= at + size && memcmp(b->at + at, words, size) == 0;
}

/* True for what begins as a tar file does. */
static bool is_tar(const struct bytes *b)
{
	return has_at(b, 257, "ustar");
}

/* POSIX pax, ustar: blocks of zeros follow the last file.  Without them it may not be the last. */
static bool is_complete(const struct bytes *b)
{
	static const char zeros[512];

	return b->size >= sizeof(zeros) &&
	       memcmp(b->at + b->size - sizeof(zeros), zeros, sizeof(zeros)) == 0;
}

/* True for what begins as a compressed file does, of one of the three kinds. */
static bool is_compressed(const struct bytes *b)
{
	return has_at(b, 0, "\x1f\x8b") || has_at(b, 0, "BZh") ||
	       has_at(b, 0,
	              "\xfd"
	              "7zXZ");
}

static bool is_archive(const struct bytes *b)
{
	return is_tar(b) || is_compressed(b);
}

/* Opens bytes in one of libarchive's formats.  Returns NULL if they are not. */
static struct archive *open_bytes(const void *at, size_t size,
                                  int (*support_format)(struct archive *))
{
	struct archive *t = libarchive.archive_read_new();

	if (!t)
		out_of_memory();
	support_format(t);
	if (support_format == libarchive.archive_read_support_format_raw) {
		libarchive.archive_read_support_filter_gzip(t);
		libarchive.archive_read_support_filter_bzip2(t);
		libarchive.archive_read_support_filter_xz(t);
	}
	if (libarchive.archive_read_open_memory(t, at, size) == ARCHIVE_OK)
		return t;
	libarchive.archive_read_free(t);
	return NULL;
}

/* Of a compressed file so many bytes are unpacked: as many as a tar file may have. */
#define UNPACKED_MAX 0x4000000

struct tar {
	struct archive *archive;
	struct bytes unpacked; /* from malloc */
	bool more;             /* than may be unpacked */
	bool damaged;
};

/* Takes what a compressed file has, or a tar file itself.  Returns false if it is damaged. */
static bool unpack(struct tar *tar, struct archive *raw)
{
	struct archive_entry *e;

	if (libarchive.archive_read_next_header(raw, &e) != ARCHIVE_OK)
		return false;
	tar->unpacked.at = allocate(UNPACKED_MAX + 1);
	const la_ssize_t size =
		libarchive.archive_read_data(raw, tar->unpacked.at, UNPACKED_MAX + 1);
	tar->more = size > UNPACKED_MAX;
	tar->unpacked.size = size < 0 ? 0 : (size_t)size;
	return size >= 0;
}

/* The bytes themselves count as one filter; what is compressed twice is nobody's. */
static bool unpack_once(struct tar *tar, const struct bytes *b)
{
	struct archive *raw =
		open_bytes(b->at, b->size, libarchive.archive_read_support_format_raw);
	const int filters = raw ? libarchive.archive_filter_count(raw) : 0;

	/* Too few bytes of a compressed file are to libarchive one that is not compressed. */
	tar->damaged = filters <= 2 && (filters != 1 + is_compressed(b) || !unpack(tar, raw));
	if (raw)
		libarchive.archive_read_free(raw);
	return filters <= 2 && !tar->damaged;
}

static void close_tar(struct tar *tar)
{
	if (tar->archive)
		libarchive.archive_read_free(tar->archive);
	free(tar->unpacked.at);
}

/*
 * Opens an archive.  It is unpacked as a whole at first, as libarchive would unpack any number of
 * bytes to get past a file.  Returns false if it is none.
 */
static bool open_tar(struct tar *tar, const struct bytes *b)
{
	*tar = (struct tar){ .archive = NULL };
	if (!is_archive(b) || !libarchive_load() || !unpack_once(tar, b))
		return false;
	tar->archive = open_bytes(tar->unpacked.at, tar->unpacked.size,
	                          libarchive.archive_read_support_format_tar);
	tar->damaged = !tar->more && is_tar(&tar->unpacked) &&
	               (!tar->archive || !is_complete(&tar->unpacked));
	return tar->archive && !tar->damaged;
}

/* How many entries of an archive are looked at. */
#define ENTRIES_MAX (4 * REPORT_PROCESSORS_MAX)

bool hwloc_tar_is(const struct bytes *b)
{
	struct archive_entry *e;
	unsigned long number;
	struct tar tar;
	const bool ok = open_tar(&tar, b);
	int found = ARCHIVE_OK;
	/* What is too long or damaged is named as such. */
	bool is = tar.more || tar.damaged;

	for (size_t i = 0; ok && !is && i < ENTRIES_MAX; i++) {
		found = libarchive.archive_read_next_header(tar.archive, &e);
		if (found != ARCHIVE_OK || !libarchive.archive_entry_pathname(e))
			break;
		is = is_processor(base_name(libarchive.archive_entry_pathname(e)), &number);
	}
	is |= found == ARCHIVE_FATAL && is_tar(&tar.unpacked);
	close_tar(&tar);
	return is;
}

static bool read_tar(const struct tar *tar, const char *path, struct files *f)
{
	int found = ARCHIVE_EOF;
	struct archive_entry *e;

	for (size_t i = 0; i < ENTRIES_MAX; i++) {
		found = libarchive.archive_read_next_header(tar->archive, &e);
		if (found != ARCHIVE_OK || !libarchive.archive_entry_pathname(e))
			break;
		if (!add_entry(tar->archive, e, path, f))
			return false;
	}
	if (found == ARCHIVE_EOF)
		return true;
	trouble(path, DAMAGED);
	return false;
}

bool hwloc_tar_read(struct report *r, const char *path, struct bytes *b)
{
	struct files f = { .count = 0 };
	struct tar tar;
	bool ok = open_tar(&tar, b);

	if (!is_archive(b))
		trouble(path, "neither a tar file nor a compressed one");
	if (tar.damaged)
		trouble(path, DAMAGED);
	if (tar.more)
		trouble(path,
		        "unpacks to more than 67108864 bytes: no files of hwloc-gather-cpuid");
	ok = ok && !tar.more && read_tar(&tar, path, &f) && read_files(r, path, &f);
	close_tar(&tar);
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
