/* SPDX-License-Identifier: MIT */
#include "store.h"

#define STORE_ZEROS "\\cpulevel\\zero.tmp"
#define SERIAL_MAX  24

/* More directory entries than the names of a report and a seal (47 characters at most) need. */
#define STORE_ENTRIES 24

/* Two clusters of FAT's largest size. */
#define ZEROS_MORE 0x20000

/* Room for the directory, the name and the longest ending. */
struct path {
	char at[FILES_PATH_MAX + 1];
};

struct files {
	struct path report_temporary, seal_temporary;
	struct path report, seal;
};

EFI_STATUS store_number(const struct volume *stick, uint32_t *ret_number)
{
	uint32_t highest = 0;
	EFI_STATUS status = directory_make(stick, "\\cpulevel");

	if (!EFI_ERROR(status))
		status = directory_make(stick, STORE_DIRECTORY);
	if (!EFI_ERROR(status))
		status = directory_highest(stick, STORE_DIRECTORY, &highest);
	if (!EFI_ERROR(status) && highest == DIRECTORY_NUMBER_MAX)
		status = EFI_END_OF_FILE;
	if (!EFI_ERROR(status))
		*ret_number = highest + 1;
	return status;
}

static void put_number(struct text *t, uint32_t number)
{
	for (uint32_t limit = 1000; limit > 1 && number < limit; limit /= 10)
		text_put(t, "0");
	text_decimal(t, number);
}

static bool usable(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-';
}

void store_put_serial(struct text *t, const char *serial)
{
	size_t used = 0;

	for (; *serial && used < SERIAL_MAX; serial++) {
		if (usable(*serial)) {
			text_bytes(t, serial, 1);
			used++;
		}
	}
	if (!used)
		text_put(t, "unknown");
}

void store_name(char name[static STORE_NAME_MAX + 1], uint32_t number, const char *serial,
                const char *ending)
{
	struct text t;

	text_start(&t, name, STORE_NAME_MAX + 1);
	put_number(&t, number);
	text_put(&t, "-");
	store_put_serial(&t, serial);
	text_put(&t, ending);
	text_string(&t);
}

static void path_of(struct path *path, const char *name, const char *ending)
{
	struct text t;

	text_start(&t, path->at, sizeof(path->at));
	text_put(&t, STORE_DIRECTORY "\\");
	text_put(&t, name);
	text_put(&t, ending);
	if (!text_string(&t))
		path->at[0] = '\0';
}

static void files_of(struct files *f, uint32_t number, const char *name)
{
	char digits[11];
	struct text t;

	text_start(&t, digits, sizeof(digits));
	put_number(&t, number);
	text_string(&t);
	path_of(&f->report_temporary, digits, ".tmp");
	path_of(&f->seal_temporary, digits, "sig.tmp");
	path_of(&f->report, name, "");
	path_of(&f->seal, name, STORE_SEAL);
}

static EFI_STATUS write_checked(const struct volume *stick, const struct path *path,
                                const struct text *text)
{
	const EFI_STATUS status = file_write(stick, path->at, text->at, text->used);

	return EFI_ERROR(status) ? status : file_compare(stick, path->at, text->at, text->used);
}

/* Writes the seal, if there is one, and then the report. */
static EFI_STATUS write_both(const struct volume *stick, const struct path *report_at,
                             const struct path *seal_at, const struct text *report,
                             const struct text *seal)
{
	EFI_STATUS status = EFI_SUCCESS;

	if (seal->used)
		status = write_checked(stick, seal_at, seal);
	if (!EFI_ERROR(status))
		status = write_checked(stick, report_at, report);
	return status;
}

/* Gives a file its final name, unless that exists: a report is never overwritten. */
static EFI_STATUS rename_new(const struct volume *stick, const struct path *from,
                             const struct path *to)
{
	const EFI_STATUS status = file_absent(stick, to->at);

	if (EFI_ERROR(status))
		return status;
	return file_rename(stick, from->at, to->at + sizeof(STORE_DIRECTORY));
}

static EFI_STATUS rename_both(const struct volume *stick, const struct files *f, bool sealed)
{
	EFI_STATUS status = EFI_SUCCESS;

	if (sealed)
		status = rename_new(stick, &f->seal_temporary, &f->seal);
	if (EFI_ERROR(status))
		return status;
	status = rename_new(stick, &f->report_temporary, &f->report);
	if (EFI_ERROR(status) && sealed)
		file_remove(stick, f->seal.at);
	return status;
}

/*
 * U-Boot 2023.01 refuses to rename (EFI_ACCESS_DENIED).  Then the files are written under their
 * final names.  If power is lost meanwhile, part of a report is there, and its seal, which is
 * written first, tells that it is not whole.
 */
static EFI_STATUS write_unrenamed(const struct volume *stick, const struct files *f,
                                  const struct text *report, const struct text *seal)
{
	const EFI_STATUS status = write_both(stick, &f->report, &f->seal, report, seal);

	if (EFI_ERROR(status) && status != EFI_ALREADY_STARTED) {
		file_remove(stick, f->report.at);
		file_remove(stick, f->seal.at);
	}
	return status;
}

/*
 * Fills the next free clusters with zeros if the directory may have to grow.
 *
 * When a directory grows, EDK2's FAT driver first links the new cluster and writes its contents
 * last.  If power is lost in between, the directory ends in old data: maybe entries of a removed
 * directory, which link the clusters of earlier reports a second time.  Zeros are a valid end of a
 * directory.  They cover the clusters of report, seal and one more of the directory.
 *
 * Not done when the directory cannot grow: the driver removes a file by freeing its clusters
 * first, and power lost then leaves a name that points to free clusters.  A stick too full for the
 * zeros goes without them.
 */
static void zero_ahead(const struct volume *stick, size_t size)
{
	if (directory_grows(stick, STORE_DIRECTORY, STORE_ENTRIES))
		file_zeros(stick, STORE_ZEROS, size + ZEROS_MORE);
}

EFI_STATUS store_put(const struct volume *stick, uint32_t number, const char *name,
                     const struct text *report, const struct text *seal, bool *ret_renamed)
{
	struct files f;
	EFI_STATUS status;

	*ret_renamed = false;
	files_of(&f, number, name);
	zero_ahead(stick, report->used + seal->used);
	status = write_both(stick, &f.report_temporary, &f.seal_temporary, report, seal);
	if (!EFI_ERROR(status)) {
		status = rename_both(stick, &f, seal->used > 0);
		*ret_renamed = !EFI_ERROR(status);
		if (EFI_ERROR(status) && status != EFI_ALREADY_STARTED)
			status = write_unrenamed(stick, &f, report, seal);
	}
	if (!*ret_renamed) {
		file_remove(stick, f.seal_temporary.at);
		file_remove(stick, f.report_temporary.at);
	}
	return status;
}

EFI_STATUS store_beside(const struct volume *stick, uint32_t number, const char *name,
                        const char *ending, const struct text *text)
{
	struct path temporary, path;
	bool renamed = false;
	char digits[11];
	struct text t;

	text_start(&t, digits, sizeof(digits));
	put_number(&t, number);
	text_string(&t);
	path_of(&temporary, digits, "more.tmp");
	path_of(&path, name, ending);
	zero_ahead(stick, text->used);
	EFI_STATUS status = write_checked(stick, &temporary, text);
	if (!EFI_ERROR(status)) {
		status = rename_new(stick, &temporary, &path);
		renamed = !EFI_ERROR(status);
		if (!renamed && status != EFI_ALREADY_STARTED)
			status = write_checked(stick, &path, text);
	}
	if (!renamed)
		file_remove(stick, temporary.at);
	return status;
}

EFI_STATUS store_compare(const struct volume *stick, const char *name, const struct text *report,
                         const struct text *seal)
{
	struct files f;
	EFI_STATUS status = EFI_SUCCESS;

	files_of(&f, 0, name);
	if (seal->used)
		status = file_compare(stick, f.seal.at, seal->at, seal->used);
	if (EFI_ERROR(status))
		return status;
	return file_compare(stick, f.report.at, report->at, report->used);
}

/*
 * Under its temporary name, because EDK2's FAT driver removes a file by freeing its clusters first:
 * power lost then must not leave a report's name that points to free clusters.
 */
static void remove_one(const struct volume *stick, const struct path *path,
                       const struct path *temporary)
{
	if (EFI_ERROR(rename_new(stick, path, temporary)))
		file_remove(stick, path->at);
	else
		file_remove(stick, temporary->at);
}

void store_remove(const struct volume *stick, uint32_t number, const char *name)
{
	struct files f;

	files_of(&f, number, name);
	remove_one(stick, &f.report, &f.report_temporary);
	remove_one(stick, &f.seal, &f.seal_temporary);
}
