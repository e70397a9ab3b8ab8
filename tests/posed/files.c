/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HANDLES     32
#define VOLUMES     4
#define ENTRY_BYTES 32
#define CLUSTER     2048

struct handle {
	EFI_FILE_PROTOCOL services; /* first: a handle is a pointer to it */
	struct posed_volume *volume;
	struct posed_file *file; /* NULL: the root */
	size_t at, repeated;
	bool open, writes;
};

static struct handle handles[HANDLES];

static struct mount {
	EFI_SIMPLE_FILE_SYSTEM_PROTOCOL services;
	struct posed_volume *volume;
} mounts[VOLUMES];

void posed_volume_start(struct posed_volume *v)
{
	posed_volume_free(v);
	*v = (struct posed_volume){ .room = 0x1000000 };
	memset(handles, 0, sizeof(handles));
	memset(mounts, 0, sizeof(mounts));
}

void posed_volume_stopped(EFI_HANDLE device)
{
	for (struct mount *m = mounts; m < mounts + VOLUMES; m++) {
		if (!m->volume || m->volume->device != device)
			continue;
		for (size_t i = 0; i < HANDLES; i++)
			if (handles[i].open && handles[i].volume == m->volume)
				posed_wrong("a driver is stopped while a file of it is open");
		for (size_t i = 0; i < POSED_FILES && m->volume->loses; i++)
			if (m->volume->file[i].changed && m->volume->file[i].size)
				m->volume->file[i].data[0] ^= 0x20;
	}
}

size_t posed_files_left(void)
{
	size_t left = 0;

	for (size_t i = 0; i < HANDLES; i++)
		left += handles[i].open;
	return left;
}

static struct handle *of(EFI_FILE_PROTOCOL *services)
{
	struct handle *h = (struct handle *)services;

	if (!h->open)
		posed_wrong("a file handle is used after it was closed");
	return h;
}

static EFI_FILE_PROTOCOL *handle_new(struct posed_volume *v, struct posed_file *f, bool writes);

/* Whether the directory that a new file would be in is there. */
static bool has_parent(struct posed_volume *v, const char *path)
{
	const char *last = strrchr(path, '\\');
	char parent[POSED_PATH];

	if (last == path)
		return true;
	snprintf(parent, sizeof(parent), "%.*s", (int)(last - path), path);
	const struct posed_file *f = posed_file(v, parent);
	return f && f->directory;
}

static EFI_STATUS EFIAPI file_open(EFI_FILE_PROTOCOL *self, EFI_FILE_PROTOCOL **ret_file,
                                   CHAR16 *name, UINT64 mode, UINT64 attributes)
{
	const EFI_STATUS status = posed_call(SERVICE_Open);
	struct posed_volume *v = of(self)->volume;
	char path[POSED_PATH] = "";
	struct posed_file *f;

	for (size_t i = 0; name[i] && i + 1 < sizeof(path); i++)
		path[i] = (char)name[i], path[i + 1] = '\0';
	if (EFI_ERROR(status))
		return status;
	f = posed_file(v, path);
	if (mode & EFI_FILE_MODE_WRITE && v->read_only)
		return EFI_WRITE_PROTECTED;
	if (!f && !(mode & EFI_FILE_MODE_CREATE))
		return EFI_NOT_FOUND;
	if (!f && !has_parent(v, path))
		return EFI_NOT_FOUND;
	if (!f && v->room < ENTRY_BYTES)
		return EFI_VOLUME_FULL;
	if (!f) {
		f = posed_file_put(v, path, NULL, 0);
		f->changed = true;
		f->directory = attributes & EFI_FILE_DIRECTORY;
		v->room -= ENTRY_BYTES;
	}
	*ret_file = handle_new(v, f, mode & EFI_FILE_MODE_WRITE);
	return EFI_SUCCESS;
}

/* The handle is closed whatever is returned. */
static EFI_STATUS EFIAPI file_close(EFI_FILE_PROTOCOL *self)
{
	of(self)->open = false;
	return posed_call(SERVICE_Close);
}

static EFI_STATUS EFIAPI file_delete(EFI_FILE_PROTOCOL *self)
{
	struct handle *h = of(self);

	h->open = false;
	const EFI_STATUS status = posed_call(SERVICE_Delete);
	if (status != EFI_SUCCESS)
		return status;
	if (!h->writes || h->volume->read_only)
		return EFI_WARN_DELETE_FAILURE;
	h->volume->room += h->file->size;
	posed_file_remove(h->file);
	return EFI_SUCCESS;
}

/* Bytes above ASCII are such characters, the highest such whose low byte is one of ASCII. */
static CHAR16 wide(char c)
{
	const unsigned char byte = (unsigned char)c;

	return byte < 0xc0 ? byte : (CHAR16)(0x3000 + (byte & 0x3f));
}

static void fill_info(EFI_FILE_INFO *info, const struct posed_file *f)
{
	const char *name = f ? strrchr(f->path, '\\') + 1 : "";
	size_t i = 0;

	memset(info, 0, SIZE_OF_EFI_FILE_INFO);
	info->FileSize = f && f->directory ? CLUSTER : f ? f->size : 0;
	info->Attribute = !f || f->directory ? EFI_FILE_DIRECTORY : 0;
	for (; name[i]; i++)
		info->FileName[i] = wide(name[i]);
	info->FileName[i] = 0;
	info->Size = SIZE_OF_EFI_FILE_INFO + 2 * (i + 1);
}

/* The next entry of a directory. */
static EFI_STATUS read_entry(struct handle *h, UINTN *size, void *buffer)
{
	const size_t length = h->file ? strlen(h->file->path) : 0;

	for (; h->at < POSED_FILES; h->at++) {
		const struct posed_file *f = &h->volume->file[h->at];

		if (!f->path[0] || f->hidden ||
		    strncasecmp(f->path, h->file ? h->file->path : "", length) ||
		    f->path[length] != '\\' || strchr(f->path + length + 1, '\\'))
			continue;
		if (*size < SIZE_OF_EFI_FILE_INFO + 2 * strlen(f->path))
			return EFI_BUFFER_TOO_SMALL;
		fill_info(buffer, f);
		*size = ((EFI_FILE_INFO *)buffer)->Size;
		if (h->repeated++ < h->volume->repeats)
			return EFI_SUCCESS;
		h->repeated = 0;
		h->at++;
		return EFI_SUCCESS;
	}
	*size = 0;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI file_read(EFI_FILE_PROTOCOL *self, UINTN *size, void *buffer)
{
	const EFI_STATUS status = posed_call(SERVICE_Read);
	struct handle *h = of(self);

	if (EFI_ERROR(status))
		return status;
	if (!h->file || h->file->directory)
		return read_entry(h, size, buffer);
	if (*size > h->file->size - h->at)
		*size = h->file->size - h->at;
	if (*size)
		memcpy(buffer, h->file->data + h->at, *size);
	if (*size && posed_does(POSED_FLIPS))
		((uint8_t *)buffer)[*size / 2] ^= 1;
	h->at += *size;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI file_write(EFI_FILE_PROTOCOL *self, UINTN *size, void *buffer)
{
	const EFI_STATUS status = posed_call(SERVICE_Write);
	struct handle *h = of(self);
	bool full = posed_does(POSED_HALF_FULL);

	if (EFI_ERROR(status))
		return status;
	if (!h->writes || h->volume->read_only)
		return EFI_WRITE_PROTECTED;
	if (full || posed_does(POSED_HALF))
		*size /= 2;
	if (*size > h->volume->room) {
		*size = h->volume->room;
		full = true;
	}
	h->volume->room -= *size;
	h->file->changed = true;
	if (h->at + *size > h->file->size)
		posed_file_size(h->file, h->at + *size);
	memcpy(h->file->data + h->at, buffer, *size);
	h->at += *size;
	if (h->volume->off && *size)
		posed_file_size(h->file, h->file->size + (size_t)h->volume->off);
	return full ? EFI_VOLUME_FULL : EFI_SUCCESS;
}

static EFI_STATUS EFIAPI file_flush(EFI_FILE_PROTOCOL *self)
{
	const EFI_STATUS status = posed_call(SERVICE_Flush);

	return EFI_ERROR(status) ? status : of(self)->volume->no_flush ? EFI_UNSUPPORTED : 0;
}

static EFI_STATUS EFIAPI file_info(EFI_FILE_PROTOCOL *self, EFI_GUID *type, UINTN *size, void *info)
{
	const EFI_STATUS status = posed_call(SERVICE_GetInfo);
	const EFI_GUID system = EFI_FILE_SYSTEM_INFO_ID;
	const struct handle *h = of(self);

	if (EFI_ERROR(status))
		return status;
	if (memcmp(type, &system, sizeof(system)) == 0) {
		memset(info, 0, SIZE_OF_EFI_FILE_SYSTEM_INFO + 2);
		((EFI_FILE_SYSTEM_INFO *)info)->ReadOnly = h->volume->read_only;
		return EFI_SUCCESS;
	}
	fill_info(info, h->file);
	*size = ((EFI_FILE_INFO *)info)->Size;
	return EFI_SUCCESS;
}

/* Only a file's name is ever set. */
static EFI_STATUS EFIAPI file_set(EFI_FILE_PROTOCOL *self, EFI_GUID *type, UINTN size, void *from)
{
	const EFI_STATUS status = posed_call(SERVICE_SetInfo);
	const EFI_FILE_INFO *info = from;
	struct handle *h = of(self);
	char path[POSED_PATH];
	size_t used = (size_t)(strrchr(h->file->path, '\\') + 1 - h->file->path);

	(void)type;
	if (EFI_ERROR(status))
		return status;
	if (h->volume->no_rename)
		return EFI_ACCESS_DENIED;
	if (!h->writes || h->volume->read_only)
		return EFI_WRITE_PROTECTED;
	if (info->Size != size || info->FileSize != h->file->size)
		posed_wrong("SetInfo changes more than the name");
	memcpy(path, h->file->path, used);
	for (size_t i = 0; used + 1 < sizeof(path) && info->FileName[i]; i++)
		path[used++] = (char)info->FileName[i];
	path[used] = '\0';
	if (posed_file(h->volume, path))
		return EFI_ACCESS_DENIED;
	memcpy(h->file->path, path, used + 1);
	h->file->changed = true;
	return EFI_SUCCESS;
}

static EFI_FILE_PROTOCOL *handle_new(struct posed_volume *v, struct posed_file *f, bool writes)
{
	static const EFI_FILE_PROTOCOL services = {
		.Open = file_open,
		.Close = file_close,
		.Delete = file_delete,
		.Read = file_read,
		.Write = file_write,
		.GetInfo = file_info,
		.SetInfo = file_set,
		.Flush = file_flush,
	};

	for (struct handle *h = handles; h < handles + HANDLES; h++) {
		if (h->open)
			continue;
		*h = (struct handle){ services, v, f, 0, 0, true, writes };
		return &h->services;
	}
	posed_wrong("too many open files");
	return NULL;
}

static EFI_STATUS EFIAPI open_volume(EFI_SIMPLE_FILE_SYSTEM_PROTOCOL *self,
                                     EFI_FILE_PROTOCOL **ret_root)
{
	const EFI_STATUS status = posed_call(SERVICE_OpenVolume);

	if (!EFI_ERROR(status))
		*ret_root = handle_new(((struct mount *)self)->volume, NULL, true);
	return status;
}

EFI_HANDLE posed_volume_install(struct posed_volume *v, EFI_HANDLE device)
{
	const EFI_GUID guid = SIMPLE_FILE_SYSTEM_PROTOCOL;

	for (struct mount *m = mounts; m < mounts + VOLUMES; m++) {
		if (m->volume)
			continue;
		*m = (struct mount){ { .OpenVolume = open_volume }, v };
		v->device = posed_install(device, &guid, &m->services);
		return v->device;
	}
	return NULL;
}
