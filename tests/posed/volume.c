/* SPDX-License-Identifier: MIT */
#include "posed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void posed_file_remove(struct posed_file *f)
{
	free(f->data);
	*f = (struct posed_file){ .path = "" };
}

void posed_volume_free(struct posed_volume *v)
{
	for (size_t i = 0; i < POSED_FILES; i++)
		posed_file_remove(&v->file[i]);
}

struct posed_file *posed_file(struct posed_volume *v, const char *path)
{
	for (size_t i = 0; i < POSED_FILES; i++)
		if (v->file[i].path[0] && strcasecmp(v->file[i].path, path) == 0)
			return &v->file[i];
	return NULL;
}

void posed_file_size(struct posed_file *f, size_t size)
{
	uint8_t *data = realloc(f->data, size ? size : 1);

	if (!data)
		abort();
	f->data = data;
	f->size = size;
}

struct posed_file *posed_file_put(struct posed_volume *v, const char *path, const void *data,
                                  size_t size)
{
	for (size_t i = 0; i < POSED_FILES; i++) {
		struct posed_file *f = &v->file[i];

		if (f->path[0])
			continue;
		snprintf(f->path, sizeof(f->path), "%s", path);
		posed_file_size(f, size);
		if (size)
			memcpy(f->data, data, size);
		return f;
	}
	posed_wrong("too many files");
	return &v->file[0];
}

struct posed_file *posed_file_replace(struct posed_volume *v, const char *path, const void *data,
                                      size_t size)
{
	struct posed_file *f = posed_file(v, path);

	if (f)
		posed_file_remove(f);
	return posed_file_put(v, path, data, size);
}

void posed_directory_put(struct posed_volume *v, const char *path)
{
	posed_file_put(v, path, NULL, 0)->directory = true;
}

void posed_volume_copy(struct posed_volume *to, const struct posed_volume *from)
{
	posed_volume_free(to);
	for (size_t i = 0; i < POSED_FILES; i++) {
		const struct posed_file *f = &from->file[i];
		struct posed_file *copy;

		if (!f->path[0])
			continue;
		copy = posed_file_put(to, f->path, f->data, f->size);
		copy->directory = f->directory;
		copy->hidden = f->hidden;
	}
}
