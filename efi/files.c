/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <stddef.h>

#include "base/mem.h"

#define CHUNK           4096
#define DIRECTORY_ENTRY 32

/* Microsoft's FAT specification limits a directory to 2 MiB. */
#define ENTRIES_MAX (0x200000 / DIRECTORY_ENTRY)

/* A name on FAT has at most 255 characters. */
#define INFO_NAME offsetof(EFI_FILE_INFO, FileName)
#define INFO_MAX  (INFO_NAME + 256 * sizeof(CHAR16))

union info {
	EFI_FILE_INFO info;
	UINT8 bytes[INFO_MAX];
};

static EFI_GUID info_guid = EFI_FILE_INFO_ID;

/* Returns the number of characters before the NUL, or 0 if they do not fit. */
static UINTN widen(CHAR16 wide[FILES_PATH_MAX + 1], const char *path)
{
	UINTN i = 0;

	for (; path[i]; i++) {
		if (i == FILES_PATH_MAX)
			return 0;
		wide[i] = (CHAR16)path[i];
	}
	wide[i] = L'\0';
	return i;
}

static EFI_STATUS open_path(const struct volume *v, const char *path, UINT64 mode,
                            UINT64 attributes, EFI_FILE_PROTOCOL **ret_file)
{
	CHAR16 wide[FILES_PATH_MAX + 1];

	if (!v->root || !widen(wide, path))
		return EFI_INVALID_PARAMETER;
	return v->root->Open(v->root, ret_file, wide, mode, attributes);
}

/* Closes a file.  Returns status, or how closing failed if status is a success. */
static EFI_STATUS close_after(EFI_FILE_PROTOCOL *file, EFI_STATUS status)
{
	const EFI_STATUS closed = file->Close(file);

	return EFI_ERROR(status) ? status : closed;
}

/* Where files cannot be flushed, closing them writes what is left. */
static EFI_STATUS flush(EFI_FILE_PROTOCOL *file)
{
	const EFI_STATUS status = file->Flush(file);

	return status == EFI_UNSUPPORTED ? EFI_SUCCESS : status;
}

EFI_STATUS file_read(const struct volume *v, const char *path, char *buffer, UINTN size,
                     UINTN *ret_size)
{
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status = open_path(v, path, EFI_FILE_MODE_READ, 0, &file);
	UINTN used = 0;

	if (EFI_ERROR(status))
		return status;
	for (;;) {
		char extra;
		UINTN n = used < size ? size - used : 1;
		status = file->Read(file, &n, used < size ? buffer + used : &extra);
		if (EFI_ERROR(status) || n == 0)
			break;
		if (used == size) {
			status = EFI_BAD_BUFFER_SIZE;
			break;
		}
		used += n;
	}
	*ret_size = used;
	return close_after(file, status);
}

EFI_STATUS file_absent(const struct volume *v, const char *path)
{
	EFI_FILE_PROTOCOL *file;
	const EFI_STATUS status = open_path(v, path, EFI_FILE_MODE_READ, 0, &file);

	if (status == EFI_NOT_FOUND)
		return EFI_SUCCESS;
	if (EFI_ERROR(status))
		return status;
	file->Close(file);
	return EFI_ALREADY_STARTED;
}

EFI_STATUS file_write(const struct volume *v, const char *path, const char *data, UINTN size)
{
	const UINT64 mode = EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE | EFI_FILE_MODE_CREATE;
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status = file_absent(v, path);
	UINTN n = size;

	if (!EFI_ERROR(status))
		status = open_path(v, path, mode, 0, &file);
	if (EFI_ERROR(status))
		return status;
	status = file->Write(file, &n, (void *)data);
	if (!EFI_ERROR(status) && n != size)
		status = EFI_VOLUME_FULL;
	if (!EFI_ERROR(status))
		status = flush(file);
	return close_after(file, status);
}

EFI_STATUS file_compare(const struct volume *v, const char *path, const char *data, UINTN size)
{
	char chunk[CHUNK];
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status = open_path(v, path, EFI_FILE_MODE_READ, 0, &file);
	UINTN done = 0;

	if (EFI_ERROR(status))
		return status;
	for (;;) {
		UINTN n = sizeof(chunk);
		status = file->Read(file, &n, chunk);
		if (EFI_ERROR(status) || n == 0)
			break;
		if (n > size - done || memcmp(chunk, data + done, n) != 0) {
			status = EFI_CRC_ERROR;
			break;
		}
		done += n;
	}
	if (!EFI_ERROR(status) && done != size)
		status = EFI_CRC_ERROR;
	return close_after(file, status);
}

EFI_STATUS file_rename(const struct volume *v, const char *path, const char *name)
{
	union info u;
	UINTN size = sizeof(u);
	CHAR16 wide[FILES_PATH_MAX + 1];
	const UINTN length = widen(wide, name);
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status;

	if (!length)
		return EFI_INVALID_PARAMETER;
	status = open_path(v, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0, &file);
	if (EFI_ERROR(status))
		return status;
	status = file->GetInfo(file, &info_guid, &size, &u);
	if (!EFI_ERROR(status)) {
		size = INFO_NAME + (length + 1) * sizeof(CHAR16);
		u.info.Size = size;
		memcpy(u.bytes + INFO_NAME, wide, (length + 1) * sizeof(CHAR16));
		status = file->SetInfo(file, &info_guid, size, &u);
	}
	if (!EFI_ERROR(status))
		status = flush(file);
	return close_after(file, status);
}

EFI_STATUS file_zeros(const struct volume *v, const char *path, UINTN size)
{
	const UINT64 mode = EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE | EFI_FILE_MODE_CREATE;
	char chunk[CHUNK];
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status, removed;

	memset(chunk, 0, sizeof(chunk));
	file_remove(v, path);
	status = open_path(v, path, mode, 0, &file);
	if (EFI_ERROR(status))
		return status;
	for (UINTN left = size; left > 0 && !EFI_ERROR(status);) {
		UINTN n = left < sizeof(chunk) ? left : sizeof(chunk);
		const UINTN wanted = n;
		status = file->Write(file, &n, chunk);
		if (!EFI_ERROR(status) && n != wanted)
			status = EFI_VOLUME_FULL;
		left -= wanted;
	}
	if (!EFI_ERROR(status))
		status = flush(file);
	/* If the file could not be removed, Delete returns a warning, which is not an EFI_ERROR. */
	removed = file->Delete(file);
	if (!EFI_ERROR(status) && removed != EFI_SUCCESS)
		status = EFI_DEVICE_ERROR;
	return status;
}

void file_remove(const struct volume *v, const char *path)
{
	EFI_FILE_PROTOCOL *file;

	/* Delete closes the handle, whether it removes the file or not. */
	if (!EFI_ERROR(open_path(v, path, EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE, 0, &file)))
		file->Delete(file);
}

EFI_STATUS directory_make(const struct volume *v, const char *path)
{
	const UINT64 mode = EFI_FILE_MODE_READ | EFI_FILE_MODE_WRITE | EFI_FILE_MODE_CREATE;
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status = open_path(v, path, EFI_FILE_MODE_READ, 0, &file);

	/* Open it first: a write-protected stick may have the directory already. */
	if (status == EFI_NOT_FOUND) {
		status = open_path(v, path, mode, EFI_FILE_DIRECTORY, &file);
		/* iPXE gives programs a file system in memory, which returns this. */
		if (status == EFI_NOT_FOUND)
			status = EFI_UNSUPPORTED;
	}
	return EFI_ERROR(status) ? status : file->Close(file);
}

bool directory_is(const struct volume *v, const char *path)
{
	union info u;
	UINTN size = sizeof(u);
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status = open_path(v, path, EFI_FILE_MODE_READ, 0, &file);

	if (EFI_ERROR(status))
		return false;
	status = file->GetInfo(file, &info_guid, &size, &u);
	return !EFI_ERROR(close_after(file, status)) && (u.info.Attribute & EFI_FILE_DIRECTORY);
}

/* Returns the number with which a name begins, or 0 if it has not four to nine digits. */
static uint32_t number_of(const UINT8 *name)
{
	uint32_t number = 0;
	unsigned digits = 0;

	for (; name[0] >= '0' && name[0] <= '9' && name[1] == 0; name += sizeof(CHAR16)) {
		if (++digits > 9)
			return 0;
		number = number * 10 + name[0] - '0';
	}
	return digits >= 4 ? number : 0;
}

/* A directory while it is read. */
struct walk {
	EFI_FILE_PROTOCOL *file;
	EFI_STATUS status;
	UINTN entries;
	union info u;
};

/*
 * Reads the next entry of a directory into w->u.  Returns false at its end and on an error
 * (w->status).  A directory of more entries than FAT allows is one whose clusters form a loop.
 */
static bool next_entry(struct walk *w)
{
	UINTN size = sizeof(w->u);

	w->status = w->file->Read(w->file, &size, &w->u);
	if (!EFI_ERROR(w->status) && size != 0 && w->entries++ == ENTRIES_MAX)
		w->status = EFI_VOLUME_CORRUPTED;
	w->u.bytes[sizeof(w->u) - 1] = w->u.bytes[sizeof(w->u) - 2] = 0;
	return !EFI_ERROR(w->status) && size != 0;
}

EFI_STATUS directory_highest(const struct volume *v, const char *path, uint32_t *ret_number)
{
	struct walk w = { .entries = 0 };
	EFI_STATUS status = open_path(v, path, EFI_FILE_MODE_READ, 0, &w.file);
	uint32_t highest = 0;

	if (EFI_ERROR(status))
		return status;
	while (next_entry(&w)) {
		const uint32_t number = number_of(w.u.bytes + INFO_NAME);
		if (number > highest)
			highest = number;
	}
	*ret_number = highest;
	return close_after(w.file, w.status);
}

/* Returns false if the name does not fit or is not ASCII. */
static bool narrow(char ascii[static FILES_PATH_MAX + 1], const UINT8 *name)
{
	for (UINTN i = 0; i <= FILES_PATH_MAX; i++, name += sizeof(CHAR16)) {
		if (name[1] != 0 || name[0] >= 0x80)
			return false;
		ascii[i] = (char)name[0];
		if (ascii[i] == '\0')
			return true;
	}
	return false;
}

EFI_STATUS directory_each(const struct volume *v, const char *path, directory_entry *each,
                          void *ctx)
{
	struct walk w = { .entries = 0 };
	char name[FILES_PATH_MAX + 1];
	EFI_STATUS status = open_path(v, path, EFI_FILE_MODE_READ, 0, &w.file);

	if (EFI_ERROR(status))
		return status;
	while (next_entry(&w))
		if (narrow(name, w.u.bytes + INFO_NAME))
			each(ctx, name, number_of(w.u.bytes + INFO_NAME));
	return close_after(w.file, w.status);
}

/* A long name takes an entry for each 13 characters, and the file itself one more. */
static UINTN entries_of(const UINT8 *name)
{
	UINTN length = 0;

	while (name[0] || name[1]) {
		length++;
		name += sizeof(CHAR16);
	}
	return (length + 12) / 13 + 1;
}

bool directory_grows(const struct volume *v, const char *path, UINTN more)
{
	struct walk w = { .entries = 0 };
	UINTN size = sizeof(w.u), used = more;
	UINT64 room = 0;

	if (EFI_ERROR(open_path(v, path, EFI_FILE_MODE_READ, 0, &w.file)))
		return true;
	w.status = w.file->GetInfo(w.file, &info_guid, &size, &w.u);
	if (!EFI_ERROR(w.status))
		room = w.u.info.FileSize / DIRECTORY_ENTRY;
	while (!EFI_ERROR(w.status) && used <= room && next_entry(&w))
		used += entries_of(w.u.bytes + INFO_NAME);
	return EFI_ERROR(close_after(w.file, w.status)) || used > room;
}

const char *files_clause(EFI_STATUS status)
{
	static const struct {
		EFI_STATUS status;
		char clause[80];
	} clauses[] = {
		{ EFI_VOLUME_FULL, "the stick is full" },
		{ EFI_WRITE_PROTECTED, "the stick is write-protected" },
		{ EFI_ACCESS_DENIED, "the firmware denies access to the file" },
		{ EFI_DEVICE_ERROR, "device error: the stick is faulty or write-protected" },
		{ EFI_VOLUME_CORRUPTED, "the stick's file system is damaged" },
		{ EFI_NO_MEDIA, "the stick was removed" },
		{ EFI_MEDIA_CHANGED, "the stick was replaced by another one" },
		{ EFI_UNSUPPORTED,
		  "not started from a stick, and no writable stick has a folder \\cpulevel" },
		{ EFI_NOT_FOUND, "the file is not on the stick" },
		{ EFI_BAD_BUFFER_SIZE, "the file is too long" },
		{ EFI_ALREADY_STARTED, "a file of this name already exists" },
		{ EFI_END_OF_FILE, "the last report number, 999999999, is in use" },
		{ EFI_CRC_ERROR, "the data read back is not what was written" },
		{ EFI_OUT_OF_RESOURCES, "the firmware is out of memory, or the stick is full" },
	};

	for (UINTN i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++)
		if (clauses[i].status == status)
			return clauses[i].clause;
	return "the firmware reports a file system error";
}
