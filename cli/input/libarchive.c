/* SPDX-License-Identifier: MIT */
#include "input/libarchive.h"

#include "input/library.h"

struct libarchive libarchive;

bool libarchive_load(void)
{
	static const struct library_function functions[] = {
#define FUNCTION(name) { #name, offsetof(struct libarchive, name) },
		LIBARCHIVE_FUNCTIONS(FUNCTION)
#undef FUNCTION
	};
	static bool loaded;

	/* The name of its interface, since libarchive 3.0. */
	loaded = loaded || library_load("libarchive.so.13", functions,
	                                sizeof(functions) / sizeof(functions[0]), &libarchive,
	                                "cannot be loaded; archives are read with it");
	return loaded;
}
