/* SPDX-License-Identifier: MIT */
#include "input/evc_modes.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "output/arguments.h"

bool evc_modes_load(const char *import, struct evc_modes *ret)
{
	if (import)
		return evc_import(import, ret);
	*ret = (struct evc_modes){ .at = allocate(evc_count() * sizeof(*ret->at)) };
	for (; ret->count < evc_count(); ret->count++)
		if (!evc_mode(&ret->at[ret->count], ret->count))
			out_of_memory();
	return true;
}

void evc_modes_free(struct evc_modes *modes)
{
	for (size_t i = 0; i < modes->count; i++)
		evc_free(&modes->at[i]);
	free(modes->at);
	free(modes->text);
}

/* Prints message and the modes that are near, or all. */
static void print_modes(const struct evc_modes *modes, const char *key, const char *message)
{
	char *list = NULL;
	size_t size;
	FILE *f = stream_open(&list, &size);

	for (size_t i = 0; i < modes->count; i++)
		fprintf(f, "%s%s", i ? ", " : "", modes->at[i].key);
	stream_close(f);
	trouble_unknown(key, message, "mode", list);
	free(list);
}

const struct evc *evc_modes_find(const struct evc_modes *modes, const char *key,
                                 const char *message)
{
	const struct evc *mode = evc_find(modes->at, modes->count, key);

	if (!mode)
		print_modes(modes, key, message);
	return mode;
}
