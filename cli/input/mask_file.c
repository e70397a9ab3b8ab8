/* SPDX-License-Identifier: MIT */
#include "input/mask_file.h"

#include <stdlib.h>

#include "cli.h"
#include "input/file.h"

/* Bytes; .vmx files have a few thousand. */
#define MASK_FILE_MAX 0x100000

bool mask_file_read(const char *path, bool any_width, struct mask_lines *lines)
{
	struct where where;
	struct bytes b;

	mask_lines_free(lines);
	if (!file_read(path, MASK_FILE_MAX, &b))
		return false;
	const enum err err = mask_vmx_read(lines, b.at, b.size, &where);
	free(b.at);
	if (err == ERR_NONE || (any_width && err == ERR_MASK_LENGTH))
		return true;
	trouble_at(path, err, &where);
	return false;
}
