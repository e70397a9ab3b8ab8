/* SPDX-License-Identifier: MIT */
#include "input/archive.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "cli.h"

/* The name of its interface, since libarchive 3.0. */
#define LIBRARY "libarchive.so.13"

static bool load(struct archive_library *l)
{
	static const struct {
		const char *name;
		size_t at;
	} functions[] = {
#define FUNCTION(name) { #name, offsetof(struct archive_library, name) },
		ARCHIVE_FUNCTIONS(FUNCTION)
#undef FUNCTION
	};
	void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);

	for (size_t i = 0; library && i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			return false;
		memcpy((char *)l + functions[i].at, &function, sizeof(function));
	}
	return library != NULL;
}

const struct archive_library *archive_library(void)
{
	static struct archive_library library;
	static bool loaded;

	if (!loaded && !load(&library)) {
		trouble(LIBRARY, "cannot be loaded; archives are read with it");
		return NULL;
	}
	loaded = true;
	return &library;
}
